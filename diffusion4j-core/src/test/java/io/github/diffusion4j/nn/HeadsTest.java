package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks that fix the number of attention heads, and such that see a multiple of the time. */
@Tag("numerics")
class HeadsTest {
  private static final Optional<TimeFeatures> POSITIONAL = Optional.empty();

  @Test
  void forward_headsOverOneWidth_isThatOfHeadsOfThatWidth() {
    double[] counted = answer(network(16, Optional.empty(), count(2), POSITIONAL), 7);

    assertThat(counted)
        .isEqualTo(answer(network(16, Optional.of(8), Optional.empty(), POSITIONAL), 7))
        .isNotEqualTo(answer(network(16, Optional.of(16), Optional.empty(), POSITIONAL), 7));
  }

  @Test
  void forward_headsOverTwoWidths_isThatOfNoHeadWidth() {
    double[] counted = answer(network(32, Optional.empty(), count(2), POSITIONAL), 7);

    for (int width : List.of(4, 8, 16)) {
      assertThat(counted)
          .isNotEqualTo(answer(network(32, Optional.of(width), Optional.empty(), POSITIONAL), 7));
    }
  }

  @Test
  void forward_otherHeadsOnTheWayUp_changesTheAnswer() {
    Optional<HeadCount> both = Optional.of(new HeadCount(2, Optional.of(4)));

    assertThat(answer(network(16, Optional.empty(), both, POSITIONAL), 7))
        .isNotEqualTo(answer(network(16, Optional.empty(), count(2), POSITIONAL), 7))
        .isNotEqualTo(answer(network(16, Optional.empty(), count(4), POSITIONAL), 7));
  }

  @Test
  void forward_scaledTime_isThatOfTheMultiple() {
    UNetConfig quarter =
        network(16, Optional.of(8), Optional.empty(), Optional.of(new TimeFeatures.Scaled(0.25)));

    assertThat(answer(quarter, 28))
        .isEqualTo(answer(network(16, Optional.of(8), Optional.empty(), POSITIONAL), 7));
  }

  @Test
  void config_headsThatDoNotDivide_areRefused() {
    assertThatThrownBy(() -> network(32, Optional.empty(), count(3), POSITIONAL))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "model.layers.heads is 3; allowed: a divisor of 16, the width that attention has");
    assertThatThrownBy(
            () ->
                network(
                    16,
                    Optional.empty(),
                    Optional.of(new HeadCount(2, Optional.of(5))),
                    POSITIONAL))
        .hasMessageContaining("model.layers.heads is 5");
    assertThatThrownBy(() -> network(32, Optional.of(8), count(2), POSITIONAL))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("model.layers.headWidth is given");
  }

  private static Optional<HeadCount> count(int heads) {
    return Optional.of(new HeadCount(heads, Optional.empty()));
  }

  /** A network with attention at two levels, 16 channels wide and {@code second} ones. */
  private static UNetConfig network(
      int second,
      Optional<Integer> headWidth,
      Optional<HeadCount> heads,
      Optional<TimeFeatures> features) {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            0,
            headWidth,
            LayerConfig.Downsampling.SYMMETRIC,
            new TimeEmbeddingConfig(
                TimeEmbeddingConfig.Order.COS_SIN, 0, features, Optional.empty()),
            LayerConfig.Initialization.TORCH,
            Optional.empty(),
            heads);
    return new UNetConfig(
        3,
        8,
        List.of(16, second),
        List.of(BlockKind.ATTENTION, BlockKind.ATTENTION),
        1,
        layers,
        Optional.empty());
  }

  private static double[] answer(UNetConfig config, int time) {
    try (UNet network = new UNet(config, Seed.of(1));
        Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = Seed.of(2).normal(1, 3, 8, 8);
      Tensor times = Tensor.of(new long[] {time}, 1);
      return network.forward(x, times, Optional.empty(), Dropout.NONE).toDoubles();
    }
  }
}
