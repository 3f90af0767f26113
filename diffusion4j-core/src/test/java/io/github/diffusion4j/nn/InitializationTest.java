package io.github.diffusion4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitializationTest {
  private static final Seed SEED = Seed.of(3);

  @ParameterizedTest
  @EnumSource(Initialization.class)
  void initialize_ofNorms_isOneAndZero(Initialization kind) {
    try (Scope scope = Scope.open();
        UNet network = new UNet(config(kind), SEED)) {
      Map<String, Tensor> parameters = network.parameters();

      assertThat(requireNonNull(parameters.get("conv_norm_out.weight")).toFloats()).containsOnly(1);
      assertThat(requireNonNull(parameters.get("conv_norm_out.bias")).toFloats()).containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Initialization.class,
      names = {"TORCH", "TORCH_ZERO"})
  void initialize_asTorch_isUniformWithinOneOverRootOfFanIn(Initialization kind) {
    try (Scope scope = Scope.open();
        UNet network = new UNet(config(kind), SEED)) {
      Map<String, Tensor> parameters = network.parameters();

      assertUniform(
          requireNonNull(parameters.get("mid_block.resnets.0.conv1.weight")),
          1 / Math.sqrt(9 * 64));
      assertUniform(
          requireNonNull(parameters.get("mid_block.attentions.0.to_q.weight")), 1 / Math.sqrt(64));
      assertUniform(
          requireNonNull(parameters.get("time_embedding.linear_1.bias")), 1 / Math.sqrt(32));
    }
  }

  @Test
  void initialize_asHo_isUniformWithVarianceOneOverFanAverageAndZeroBiases() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(config(Initialization.HO), SEED)) {
      Map<String, Tensor> parameters = network.parameters();

      double fanAverage = 9 * (32 + 64) / 2.0;
      assertUniform(
          requireNonNull(parameters.get("down_blocks.1.resnets.0.conv1.weight")),
          Math.sqrt(3 / fanAverage));
      parameters.forEach(
          (name, parameter) -> {
            if (name.endsWith(".bias")) {
              assertThat(parameter.toFloats()).as(name).containsOnly(0);
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Initialization.class)
  void initialize_ofLastLayers_isZeroUnlessTorch(Initialization kind) {
    try (Scope scope = Scope.open();
        UNet network = new UNet(config(kind), SEED)) {
      network
          .parameters()
          .forEach(
              (name, parameter) -> {
                boolean last = name.matches(".*(\\.conv2|\\.to_out\\.0|^conv_out)\\.(weight|bias)");
                boolean zero = parameter.abs().sum().item() == 0;
                boolean zeroBias =
                    name.endsWith("bias") && (kind == Initialization.HO || name.contains("norm"));
                assertThat(zero)
                    .as(name)
                    .isEqualTo((last && kind != Initialization.TORCH) || zeroBias);
              });
    }
  }

  @Test
  void initialize_ofClassEmbedding_isStandardNormal() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.classConditional28(), SEED)) {
      Tensor weight = requireNonNull(network.parameters().get("class_embedding.weight"));

      assertThat(weight.mean().item()).isCloseTo(0, within(0.15));
      assertThat(weight.square().mean().item()).isCloseTo(1, within(0.2));
    }
  }

  @Test
  void initialize_withZeroedOutput_predictsZero() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(config(Initialization.TORCH_ZERO), SEED)) {
      Tensor x = SEED.normal(1, 1, 8, 8);
      Tensor time = Tensor.of(new long[] {5}, 1);

      Tensor output = network.forward(x, time, Optional.empty(), Dropout.NONE);

      assertThat(output.toFloats()).containsOnly(0);
    }
  }

  private static UNetConfig config(Initialization kind) {
    return Networks.plain(1, 8, kind, 32, 64);
  }

  /** Checks range and variance; the bounds hold for at least 100 independent numbers. */
  private static void assertUniform(Tensor values, double bound) {
    float[] numbers = values.toFloats();
    double squares = 0;
    double largest = 0;
    for (float number : numbers) {
      squares += number * number;
      largest = Math.max(largest, Math.abs(number));
    }
    assertThat(largest).isBetween(0.95 * bound, bound * (1 + 1e-6));
    assertThat(squares / numbers.length).isCloseTo(bound * bound / 3, within(0.1 * bound * bound));
  }
}
