package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.UNetConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostTest {
  @Test
  void flopsPerImage_ofOneLevel_isTheSumByHand() {
    UNetConfig config =
        new UNetConfig(
            1,
            4,
            List.of(8),
            List.of(BlockKind.ATTENTION),
            1,
            Networks.layers(4, Initialization.TORCH),
            Optional.empty());
    long entryAndExit = 2 * 16 * 9 * 8;
    long time = 8 * 32 + 32 * 32;
    long plainBlock = 16 * (9 * 64 + 9 * 64) + 32 * 8;
    long upBlock = 16 * (9 * 128 + 9 * 64 + 128) + 32 * 8;
    long attention = 4 * 16 * 64 + 2 * 16 * 16 * 8;

    long expected = 2 * (entryAndExit + time + 3 * plainBlock + 2 * upBlock + 4 * attention);

    assertThat(Cost.flopsPerImage(config)).isEqualTo(expected);
  }

  @Test
  void flopsPerImage_ofCifar10Network_isTwelveBillion() {
    assertThat(Cost.flopsPerImage(Networks.ho(32, 1, 128, 256, 256, 256)))
        .isBetween(12_000_000_000L, 12_500_000_000L);
  }

  @Test
  void flopsPerImage_ofRareOptions_isTheSumByHand() {
    BlockConfig block =
        new BlockConfig(
            Activation.RELU,
            TimeConditioning.SCALE_SHIFT,
            Resampling.CONVOLUTION,
            Resampling.CONVOLUTION,
            Optional.empty(),
            1);
    LayerConfig plain = Networks.layers(4, Initialization.TORCH);
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            0,
            plain.headWidth(),
            plain.downsampling(),
            plain.timeEmbedding(),
            Initialization.TORCH,
            Optional.of(block));
    UNetConfig config =
        new UNetConfig(
            1,
            4,
            List.of(8, 8),
            List.of(BlockKind.RESAMPLING_RESIDUAL, BlockKind.RESIDUAL),
            MiddleKind.NONE,
            1,
            layers,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(ClassEmbeddingKind.TIMESTEP),
            Optional.empty());
    long entryAndExit = 2 * 16 * 9 * 8;
    long timeAndClass = 2 * (8 * 32 + 32 * 32);
    long told = 2 * 32 * 8;
    long down = 16 * 2 * 9 * 64 + told + 4 * 2 * 9 * 64 + told + 4 * 2 * 9 * 64 + told;
    long upBlock = 9 * 128 + 9 * 64 + 128;
    long up = 2 * (4 * upBlock + told) + 16 * 9 * 64 + 2 * (16 * upBlock + told);

    assertThat(Cost.flopsPerImage(config)).isEqualTo(2 * (entryAndExit + timeAndClass + down + up));
  }

  @Test
  void flopsPerImage_ofSkipLevels_isTheSumByHand() {
    long entryAndExit = 16 * 9 * 8 * (3 + 3);
    long time = 8 * 32 + 32 * 32;
    long told = 32 * 8;
    long block = 2 * 9 * 64;
    long upBlock = 9 * 128 + 9 * 64 + 128;
    long filters = 16 * 4 * (2 * 8 + 3);
    long down = 16 * block + told + 4 * (block + 64) + told + filters + 4 * 3 * 8;
    long up = 2 * (4 * upBlock + told) + 16 * (block + 64) + told + filters + 4 * 9 * 3 * 8;
    long ends = 4 * block + told + 2 * (16 * upBlock + told);

    assertThat(Cost.flopsPerImage(twoLevels(BlockKind.SKIP, 8)))
        .isEqualTo(2 * (entryAndExit + time + down + up + ends));
  }

  @Test
  void flopsPerImage_ofKLevels_isTheSumByHand() {
    long entryAndExit = 16 * 9 * 32 * (3 + 3);
    long time = 32 * 128 + 128 * 128;
    long block = 2 * 9 * 32 * 32;
    long upBlock = 9 * 64 * 32 + 9 * 32 * 32 + 64 * 32;
    long told = 2 * 128 * (32 + 32);
    long toldBoth = 2 * 128 * (64 + 32);
    long filters = 2 * 16 * 32 * 4;

    assertThat(Cost.flopsPerImage(twoLevels(BlockKind.K, 32)))
        .isEqualTo(
            2
                * (entryAndExit
                    + time
                    + (16 + 4) * (block + upBlock)
                    + 2 * (told + toldBoth)
                    + filters));
  }

  private static UNetConfig twoLevels(BlockKind kind, int width) {
    return new UNetConfig(
        3,
        4,
        List.of(width, width),
        List.of(kind, kind),
        MiddleKind.NONE,
        1,
        Networks.layers(4, Initialization.TORCH),
        Optional.empty());
  }
}
