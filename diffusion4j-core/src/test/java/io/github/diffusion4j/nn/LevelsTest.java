package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
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

/** Which kinds of levels fit together: what diffusers runs is built, the rest is refused. */
@Tag("numerics")
class LevelsTest {
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

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          skip attention-skip skip | skip skip attention-skip | 32 32 64
          attention-skip skip      | attention-skip skip      | 32 4
          skip residual            | skip residual            | 8 4
          residual skip            | skip resampling-residual | 8 4
          skip k                   | attention-skip residual  | 32 32
          residual k               | k residual               | 32 32
          k residual               | k k                      | 32 33
          k residual               | residual k               | 40 40
          k k attention            | k k k                    | 32 48 64
          k k skip                 | skip k k                 | 32 32 36
          """)
  void forward_ofLevelsThatFit_keepsShapeAndReachesEveryWeight(
      String down, String up, String widths) {
    UNetConfig config = config(3, down, up, widths);
    try (UNet network = new UNet(config, SEED)) {
      Tensor x = SEED.normal(2, 3, 16, 8);

      Tensor output = forward(network, x);
      output.square().mean().backward();

      assertThat(output.shape()).containsExactly(2, 3, 16, 8);
      network
          .parameters()
          .forEach((name, value) -> assertThat(value.gradient().norm().item()).as(name).isFinite());
    }
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          residual skip skip  | residual residual residual | 8 8 8 | model.blocks is [RESIDUAL, SKIP, SKIP]; allowed: skip levels only above
          residual residual   | residual skip              | 8 8   | model.upBlocks is [RESIDUAL, SKIP]; allowed: skip levels only above
          residual k          | residual k                 | 32 32 | model.upBlocks is [RESIDUAL, K]; allowed: k at a level if and only if
          k residual          | k residual                 | 32 32 | model.upBlocks is [K, RESIDUAL]; allowed: k at a level if and only if
          k residual          | residual k                 | 32 64 | model.widths is [32, 64]; allowed: equal ones where k levels meet others
          k k                 | k k                        | 16 32 | model.widths is [16, 32]; allowed: 32 or more, for k levels
          attention-skip skip | skip skip                  | 24 8  | model.widths is [24, 8]; allowed: multiples of 32, for the attention
          skip skip           | skip skip                  | 8 2   | model.widths is [8, 2]; allowed: 4 or more, for skip levels
          """)
  void config_ofLevelsThatDoNotFit_isRefused(
      String down, String up, String widths, String message) {
    assertThatThrownBy(() -> config(3, down, up, widths))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void config_ofSkipLevelsForGrayImages_isRefused() {
    assertThatThrownBy(() -> config(1, "skip residual", "residual residual", "8 8"))
        .isInstanceOf(UserException.class)
        .hasMessage("model.channels is 1; allowed: 3, for skip levels");
    assertThatThrownBy(() -> config(1, "residual residual", "skip skip", "8 8"))
        .isInstanceOf(UserException.class)
        .hasMessage("model.outputChannels is 1; allowed: 3, for skip levels");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          skip skip | skip attention-skip | 8 32  | 40 and 32 channels, whose norms have 32 and 8
          skip skip | skip skip           | 8 13  | 8 and 13 channels, whose norms have 2 and 3
          k k       | k k                 | 32 65 | 32 and 65 channels, whose norms have 1 and 2
          """)
  void network_whoseGroupsDivideNoWidth_isRefused(
      String down, String up, String widths, String message) {
    UNetConfig config = config(3, down, up, widths);

    assertThatThrownBy(() -> new UNet(config, SEED))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void forward_ofKLevelsWithOnePixelLeft_isRefused() {
    try (UNet network = new UNet(config(3, "k k", "k k", "32 32"), SEED)) {
      Tensor x = SEED.normal(2, 3, 2, 2);

      assertThatThrownBy(() -> forward(network, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "an image is 1 x 1 where its border is mirrored; allowed: more than 1 pixels both ways");
    }
  }

  @Test
  void forward_ofSkipLevels_addsTheGrownAnswer() {
    try (UNet network = new UNet(config(3, "skip skip", "skip skip", "8 8"), SEED);
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = SEED.normal(2, 3, 8, 8);
      Tensor before = forward(network, x);

      Tensor bias = requireNonNull(network.parameters().get("up_blocks.0.skip_conv.bias"));
      bias.copyInPlace(bias.plus(1));
      Tensor change = forward(network, x).minus(before);

      Tensor grown = Fir.twice(Tensor.full(1, 2, 3, 4, 4), 1);
      assertNumbers(change.toFloats()).areCloseTo(grown.toFloats(), 1e-5f);
    }
  }

  private static Tensor forward(UNet network, Tensor x) {
    Tensor time = Tensor.of(new long[] {1, 9}, 2);
    return network.forward(x, time, Optional.empty(), Dropout.NONE);
  }

  /** Returns a network without a middle; all lists begin with the full resolution. */
  private static UNetConfig config(int channels, String down, String up, String widths) {
    return new UNetConfig(
        channels,
        16,
        Arrays.stream(widths.split(" ")).map(Integer::valueOf).toList(),
        kinds(down),
        MiddleKind.NONE,
        2,
        Networks.layers(1, Initialization.TORCH),
        Optional.empty(),
        Optional.empty(),
        Optional.of(kinds(up)),
        Optional.empty(),
        Optional.empty());
  }

  private static List<BlockKind> kinds(String words) {
    return Arrays.stream(words.split(" "))
        .map(word -> Word.parse(BlockKind.class, "kind", word))
        .toList();
  }
}
