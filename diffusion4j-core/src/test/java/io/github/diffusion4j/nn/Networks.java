package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.UNetConfig;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Configurations that the tests of this package share. */
final class Networks {
  private Networks() {}

  /** diffusers' dummy network of the pipeline tests. */
  static UNetConfig tiny() {
    return new UNetConfig(
        3,
        8,
        List.of(4, 8),
        List.of(BlockKind.RESIDUAL, BlockKind.ATTENTION),
        1,
        layers(4, Initialization.TORCH),
        Optional.empty());
  }

  /** A class-conditional network whose lowest level has an odd size. */
  static UNetConfig classConditional28() {
    return new UNetConfig(
        1,
        28,
        List.of(16, 32, 32),
        List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL, BlockKind.ATTENTION),
        1,
        layers(8, Initialization.TORCH),
        Optional.of(10));
  }

  /** Ho's network for a size and widths; the level {@code attention} has attention. */
  static UNetConfig ho(int size, int attention, Integer... widths) {
    LayerConfig layers =
        new LayerConfig(
            32,
            1e-6,
            0.1,
            Optional.empty(),
            Downsampling.RIGHT_BOTTOM,
            new TimeEmbeddingConfig(TimeEmbeddingConfig.Order.SIN_COS, 1),
            Initialization.HO);
    List<BlockKind> blocks =
        IntStream.range(0, widths.length)
            .mapToObj(i -> i == attention ? BlockKind.ATTENTION : BlockKind.RESIDUAL)
            .toList();
    return new UNetConfig(3, size, List.of(widths), blocks, 2, layers, Optional.empty());
  }

  /** A network with attention in its middle only, and four groups in each norm. */
  static UNetConfig plain(
      int channels, int size, Initialization initialization, Integer... widths) {
    return new UNetConfig(
        channels,
        size,
        List.of(widths),
        Collections.nCopies(widths.length, BlockKind.RESIDUAL),
        1,
        layers(4, initialization),
        Optional.empty());
  }

  static LayerConfig layers(int groups, Initialization initialization) {
    return new LayerConfig(
        groups,
        1e-5,
        0,
        Optional.of(8),
        Downsampling.SYMMETRIC,
        TimeEmbeddingConfig.DEFAULT,
        initialization);
  }
}
