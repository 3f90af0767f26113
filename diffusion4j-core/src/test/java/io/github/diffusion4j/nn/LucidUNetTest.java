package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("numerics")
class LucidUNetTest {
  private static final Seed SEED = Seed.of(3);

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
  @EnumSource(LucidGeneration.class)
  void forward_ofOneImage_doesNotDependOnBatchNorOnPlace(LucidGeneration generation) {
    LucidUNetConfig config =
        LucidNetworks.of(
            generation, SelfConditioning.NONE, LucidNetworks.LINEAR, LucidNetworks.FULL);
    try (LucidUNet network = new LucidUNet(config, SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(3, 1, 8, 16);
      Tensor time = Tensor.of(new long[] {0, 10, 999}, 3);
      Tensor together = predict(network, x, time);

      assertThat(together.shape()).containsExactly(3, 1, 8, 16);
      for (int i = 0; i < 3; i++) {
        Tensor alone = predict(network, x.narrow(0, i, 1), time.narrow(0, i, 1));
        assertNumbers(alone.toFloats()).areCloseTo(together.narrow(0, i, 1).toFloats(), 1e-5f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(LucidLevelConfig.Attention.class)
  void attention_ofPixelsInAnotherOrder_isThatInThisOrder(LucidLevelConfig.Attention kind) {
    LucidLevelConfig level = new LucidLevelConfig(1, kind, 2, 3);
    try (LucidAttention attention = LucidAttention.of(4, level, LucidLayerConfig.DEFAULT);
        NoGrad noGrad = NoGrad.open()) {
      attention.initialize(SEED);
      Tensor x = SEED.normal(2, 4, 1, 6);

      Tensor mirrored = attention.forward(x.flip(3)).flip(3);

      assertNumbers(mirrored.toFloats()).areCloseTo(attention.forward(x).toFloats(), 1e-5f);
      assertThat(mirrored.minus(x).norm().item()).isGreaterThan(1e-3);
    }
  }

  @Test
  void attention_withMemories_learnsOfThem() {
    for (LucidLevelConfig level : List.of(LucidNetworks.LINEAR, LucidNetworks.FULL)) {
      try (LucidAttention attention = LucidAttention.of(4, level, LucidLayerConfig.DEFAULT)) {
        attention.initialize(SEED);

        attention.forward(SEED.normal(1, 4, 2, 2)).square().mean().backward();

        assertThat(requireNonNull(attention.parameters().get("mem_kv")).gradient().norm().item())
            .isPositive();
      }
    }
  }

  @Test
  void rootMeanSquareNorm_ofAnyPixel_hasMeanSquareOneAndKeepsZero() {
    try (ChannelNorm norm = new ChannelNorm.RootMeanSquare(6)) {
      norm.initialize(SEED);
      Tensor x = SEED.normal(2, 6, 3, 3).times(17).trainable();

      Tensor squares = norm.forward(x).square().mean(1);
      Tensor ofZero = norm.forward(Tensor.zeros(1, 6, 1, 1));

      for (float square : squares.toFloats()) {
        assertThat(square).isCloseTo(1, within(1e-5f));
      }
      assertThat(ofZero.toFloats()).containsOnly(0);
    }
  }

  @Test
  void standardizedConvolution_ofScaledAndShiftedKernels_isTheSame() {
    try (StandardizedConv2d convolution = new StandardizedConv2d(2, 3);
        NoGrad noGrad = NoGrad.open()) {
      convolution.initialize(SEED);
      Tensor weight = requireNonNull(convolution.parameters().get("weight"));
      weight.timesInPlace(50); // far above the stabilizer
      Tensor x = SEED.normal(1, 2, 4, 4);
      Tensor before = convolution.forward(x);

      weight.timesInPlace(3).plusInPlace(0.7);

      assertNumbers(convolution.forward(x).toFloats()).areCloseTo(before.toFloats(), 1e-3f);
    }
  }

  @Test
  void forward_ofSelfConditionedWithoutEstimate_isThatWithZeros() {
    try (LucidUNet network =
            new LucidUNet(LucidNetworks.small(SelfConditioning.LAST_ESTIMATE), SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(2, 1, 8, 8);
      Tensor time = Tensor.of(new long[] {5, 6}, 2);

      Tensor without = predict(network, x, time);
      Tensor zeros = predict(network, Tensor.cat(List.of(Tensor.zeros(2, 1, 8, 8), x), 1), time);
      Tensor ones = predict(network, Tensor.cat(List.of(Tensor.full(1, 2, 1, 8, 8), x), 1), time);

      assertThat(without.toFloats()).isEqualTo(zeros.toFloats());
      assertThat(ones.minus(zeros).norm().item()).isGreaterThan(1e-3);
    }
  }

  @Test
  void forward_repeated_keepsNoNativeMemory() {
    try (LucidUNet network = new LucidUNet(LucidNetworks.small(SelfConditioning.NONE), SEED)) {
      long[] alive = new long[2];
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
          try (Scope step = Scope.open()) {
            predict(network, SEED.normal(1, 1, 8, 8), Tensor.of(new long[1], 1)).mean().backward();
          }
        }
        alive[round] = LiveObjects.settled();
      }
      assertThat(alive[1]).isEqualTo(alive[0]);
    }
  }

  @Test
  void forward_ofWrongShapes_saysWhatIsAllowed() {
    try (LucidUNet network = new LucidUNet(LucidNetworks.small(SelfConditioning.NONE), SEED)) {
      Tensor one = Tensor.of(new long[1], 1);

      assertThatThrownBy(() -> predict(network, Tensor.zeros(1, 1, 8, 7), one))
          .hasMessage("x is [1, 1, 8, 7]; allowed: [N, 1, H, W] with H and W multiples of 2");
      assertThatThrownBy(() -> predict(network, Tensor.zeros(1, 2, 8, 8), one))
          .hasMessageStartingWith("x is [1, 2, 8, 8]");
      assertThatThrownBy(() -> predict(network, Tensor.zeros(2, 1, 8, 8), one))
          .hasMessageStartingWith("time is [1]");
      assertThatThrownBy(
              () -> network.forward(Tensor.zeros(1, 1, 8, 8), one, Optional.of(one), Dropout.NONE))
          .hasMessageContaining("takes no labels");
    }
  }

  @Test
  void config_ofImpossibleShape_isRefused() {
    LucidUNetConfig config = LucidNetworks.small(SelfConditioning.NONE);

    assertThatThrownBy(() -> withSize(config, 7))
        .isInstanceOf(UserException.class)
        .hasMessage("model.size is 7; allowed: a multiple of 2^(levels − 1) = 2");
    assertThatThrownBy(
            () ->
                LucidNetworks.of(
                    LucidGeneration.GROUPED,
                    SelfConditioning.NONE,
                    new LucidLevelConfig(0, LucidLevelConfig.Attention.FULL, 1, 1)))
        .hasMessageStartingWith("model.levels.multiplier is 0");
  }

  private static LucidUNetConfig withSize(LucidUNetConfig config, int size) {
    return new LucidUNetConfig(
        config.channels(),
        size,
        config.width(),
        config.entryWidth(),
        config.levels(),
        config.time(),
        config.layers(),
        config.selfConditioning(),
        config.outputChannels());
  }

  private static Tensor predict(LucidUNet network, Tensor x, Tensor time) {
    return network.forward(x, time, Optional.empty(), Dropout.NONE);
  }
}
