package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerics")
class UNetTest {
  private static final Seed SEED = Seed.of(7);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 28, 28, 3",
    "2, 28, 28, 3",
    "4, 28, 28, 3",
    "3, 7, 7, 1",
    "3, 16, 32, 2",
    "1, 32, 16, 4",
    "1, 2, 2, 2"
  })
  void forward_ofAnySize_keepsShape(int channels, int height, int width, int levels) {
    Integer[] widths = Arrays.copyOf(new Integer[] {8, 16, 24, 8}, levels);
    UNetConfig config = Networks.plain(channels, height, Initialization.TORCH, widths);
    try (UNet network = new UNet(config, SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(2, channels, height, width);

      Tensor output = predict(network, x, Tensor.of(new long[] {0, 999}, 2));

      assertThat(output.shape()).containsExactly(2, channels, height, width);
      assertThat(output.abs().sum().item()).isFinite().isPositive();
    }
  }

  @Test
  void forward_ofOneImage_doesNotDependOnBatch() {
    try (UNet network = new UNet(Networks.tiny(), SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(5, 3, 8, 8);
      Tensor time = Tensor.of(new long[] {0, 1, 10, 500, 999}, 5);
      Tensor together = predict(network, x, time);

      for (int i = 0; i < 5; i++) {
        Tensor alone = predict(network, x.narrow(0, i, 1), time.narrow(0, i, 1));
        assertNumbers(alone.toFloats()).areCloseTo(together.narrow(0, i, 1).toFloats(), 1e-5f);
      }
    }
  }

  @Test
  void forward_withTimeAsFloats_equalsTimeAsIntegers() {
    try (UNet network = new UNet(Networks.tiny(), SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(2, 3, 8, 8);

      Tensor integers = predict(network, x, Tensor.of(new long[] {3, 998}, 2));
      Tensor floats = predict(network, x, Tensor.of(new float[] {3, 998}, 2));

      assertNumbers(floats.toFloats()).areEqualTo(integers.toFloats());
    }
  }

  @Test
  void forward_withOtherLabel_givesOtherOutput() {
    try (UNet network = new UNet(Networks.classConditional28(), SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(1, 1, 28, 28).expand(2, 1, 28, 28);
      Tensor time = Tensor.of(new long[] {500, 500}, 2);
      Tensor labels = Tensor.of(new long[] {3, 4}, 2);

      Tensor output = network.forward(x, time, Optional.of(labels), Dropout.NONE);

      assertThat(output.select(0, 0).minus(output.select(0, 1)).norm().item()).isGreaterThan(1e-3);
    }
  }

  @Test
  void backward_ofTinyNetwork_agreesWithFiniteDifferences() {
    double step = 1e-2;
    try (UNet network = new UNet(Networks.tiny(), SEED)) {
      loss(network).backward();

      for (String name :
          List.of(
              "conv_in.weight",
              "time_embedding.linear_2.weight",
              "down_blocks.1.attentions.0.to_v.weight",
              "mid_block.resnets.0.norm2.bias",
              "up_blocks.0.upsamplers.0.conv.weight",
              "conv_out.bias")) {
        Tensor parameter = requireNonNull(network.parameters().get(name));
        float[] gradient = parameter.gradient().toFloats();
        int steepest = steepest(gradient);

        double above = lossMoved(network, parameter, steepest, step);
        double below = lossMoved(network, parameter, steepest, -step);

        double slope = (above - below) / (2 * step);
        assertThat(slope).as(name).isCloseTo(gradient[steepest], within(2e-4));
      }
    }
  }

  @Test
  void constructor_withSameSeed_givesSameWeights() {
    try (UNet one = new UNet(Networks.tiny(), SEED);
        UNet same = new UNet(Networks.tiny(), SEED);
        UNet other = new UNet(Networks.tiny(), Seed.of(8))) {
      float[] weights = requireNonNull(one.parameters().get("conv_in.weight")).toFloats();

      assertThat(requireNonNull(same.parameters().get("conv_in.weight")).toFloats())
          .containsExactly(weights);
      assertThat(requireNonNull(other.parameters().get("conv_in.weight")).toFloats())
          .isNotEqualTo(weights);
    }
  }

  @Test
  void constructor_insideScope_ownsItsParameters() {
    UNet network;
    try (Scope inner = Scope.open()) {
      network = new UNet(Networks.tiny(), SEED);
    }
    try (network;
        NoGrad noGrad = NoGrad.open()) {
      Tensor output = predict(network, SEED.normal(1, 3, 8, 8), Tensor.of(new long[] {1}, 1));

      assertThat(output.abs().sum().item()).isPositive();
    }
  }

  @Test
  void close_afterUse_leavesNoNativeObjects() {
    useOnce(); // what the engine allocates once is not the network's
    long before = LiveObjects.settled();

    useOnce();

    assertThat(Scope.liveObjects()).isEqualTo(before);
  }

  @Test
  void parameterCount_ofCifar10Network_isHos() {
    try (UNet network = new UNet(Networks.ho(32, 1, 128, 256, 256, 256), SEED)) {
      assertThat(network.parameterCount()).isEqualTo(35_746_307);
      assertThat(network.parameters()).hasSize(328);
    }
  }

  @Test
  void parameterCount_ofCelebAhqNetwork_isHos() {
    try (UNet network = new UNet(Networks.ho(256, 4, 128, 128, 256, 256, 512, 512), SEED)) {
      assertThat(network.parameterCount()).isEqualTo(113_673_219);
    }
  }

  @Test
  void selfAttention_withFewerChannelsThanAHead_namesBoth() {
    LayerConfig layers = Networks.layers(4, Initialization.TORCH);

    assertThatThrownBy(() -> new SelfAttention(4, layers))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("headWidth is 8")
        .hasMessageContaining("at most 4");
  }

  @Test
  void forward_withWrongShapes_namesBothShapes() {
    try (UNet network = new UNet(Networks.tiny(), SEED)) {
      Tensor time = Tensor.of(new long[] {1, 2}, 2);

      assertThatThrownBy(() -> predict(network, Tensor.zeros(2, 1, 8, 8), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 1, 8, 8]")
          .hasMessageContaining("[N, 3, H, W]");
      assertThatThrownBy(() -> predict(network, Tensor.zeros(2, 3, 7, 8), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 3, 7, 8]")
          .hasMessageContaining("multiples of 2");
      assertThatThrownBy(() -> predict(network, Tensor.zeros(3, 3, 8, 8), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("time is [2]")
          .hasMessageContaining("[3]");
    }
  }

  @Test
  void forward_withMissingOrSuperfluousLabels_isRefused() {
    Tensor time = Tensor.of(new long[] {1}, 1);
    try (UNet conditional = new UNet(Networks.classConditional28(), SEED);
        UNet unconditional = new UNet(Networks.tiny(), SEED)) {
      assertThatThrownBy(() -> predict(conditional, Tensor.zeros(1, 1, 28, 28), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("10 classes");
      Tensor x = Tensor.zeros(1, 3, 8, 8);
      assertThatThrownBy(() -> unconditional.forward(x, time, Optional.of(time), Dropout.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("unconditional");
    }
  }

  private static void useOnce() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED)) {
      loss(network).backward();
    }
  }

  private static Tensor predict(UNet network, Tensor x, Tensor time) {
    return network.forward(x, time, Optional.empty(), Dropout.NONE);
  }

  private static Tensor loss(UNet network) {
    Tensor x = SEED.derive("x").normal(2, 3, 8, 8);
    Tensor noise = SEED.derive("noise").normal(2, 3, 8, 8);
    Tensor output = predict(network, x, Tensor.of(new long[] {20, 700}, 2));
    return output.minus(noise).square().mean();
  }

  private static double lossMoved(UNet network, Tensor parameter, int index, double distance) {
    try (NoGrad noGrad = NoGrad.open()) {
      Tensor coordinate = parameter.reshape(-1).narrow(0, index, 1);
      double before = coordinate.item();
      coordinate.fillInPlace(before + distance);
      double loss = loss(network).item();
      coordinate.fillInPlace(before);
      return loss;
    }
  }

  private static int steepest(float[] gradient) {
    int best = 0;
    for (int i = 0; i < gradient.length; i++) {
      best = Math.abs(gradient[i]) > Math.abs(gradient[best]) ? i : best;
    }
    return best;
  }
}
