package io.github.diffusion4j.onnx;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import java.util.List;
import java.util.Optional;

/** Shapes of networks to export. */
final class Networks {
  private Networks() {}

  /** diffusers' dummy network of the pipeline tests; golden/unet/tiny has its weights. */
  static UNetConfig tiny() {
    return new UNetConfig(
        3,
        8,
        List.of(4, 8),
        List.of(BlockKind.RESIDUAL, BlockKind.ATTENTION),
        1,
        layers(4, Optional.of(8)),
        Optional.empty());
  }

  /** Four heads, ten classes, odd size at the bottom; golden/unet/classcond28 has its weights. */
  static UNetConfig classConditional28() {
    return new UNetConfig(
        1,
        28,
        List.of(16, 32, 32),
        List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL, BlockKind.ATTENTION),
        1,
        layers(8, Optional.of(8)),
        Optional.of(10));
  }

  /** The network of the preset digits-quickstart. */
  static UNetConfig digits() {
    return new UNetConfig(
        1,
        28,
        List.of(16, 32, 64),
        List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL, BlockKind.RESIDUAL),
        MiddleKind.RESIDUAL,
        1,
        layers(8, Optional.of(32)),
        Optional.empty());
  }

  /** Ho's details: padding at the right and bottom, sines first, one head, learned variance. */
  static UNetConfig hoWithLearnedVariance() {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-6,
            0.1,
            Optional.empty(),
            Downsampling.RIGHT_BOTTOM,
            new TimeEmbeddingConfig(TimeEmbeddingConfig.Order.SIN_COS, 1),
            Initialization.TORCH);
    return new UNetConfig(
            3,
            16,
            List.of(8, 12),
            List.of(BlockKind.ATTENTION, BlockKind.RESIDUAL),
            2,
            layers,
            Optional.empty())
        .withOutputChannels(6);
  }

  /** One group and an odd width, so that the time's sines and cosines are padded. */
  static UNetConfig oddWidth() {
    return new UNetConfig(
        1,
        4,
        List.of(5),
        List.of(BlockKind.RESIDUAL),
        1,
        layers(1, Optional.empty()),
        Optional.empty());
  }

  /** A number of heads instead of a width, another one on the way up, and a scaled time. */
  static UNetConfig fixedHeads() {
    LayerConfig layers =
        new LayerConfig(
            2,
            1e-5,
            0,
            Optional.empty(),
            Downsampling.SYMMETRIC,
            new TimeEmbeddingConfig(
                TimeEmbeddingConfig.Order.COS_SIN,
                0,
                Optional.of(new TimeFeatures.Scaled(0.25, Optional.of(7))),
                Optional.empty()),
            Initialization.TORCH,
            Optional.of(blocks(Activation.GELU)),
            Optional.of(new HeadCount(2, Optional.of(4))));
    return new UNetConfig(
        2,
        8,
        List.of(4, 8),
        List.of(BlockKind.RESIDUAL, BlockKind.ATTENTION),
        1,
        layers,
        Optional.empty());
  }

  private static BlockConfig blocks(Activation activation) {
    return new BlockConfig(
        activation,
        TimeConditioning.SCALE_SHIFT,
        Resampling.RESIDUAL,
        Resampling.RESIDUAL,
        Optional.of(4),
        1.5);
  }

  private static LayerConfig layers(int groups, Optional<Integer> headWidth) {
    return new LayerConfig(
        groups,
        1e-5,
        0,
        headWidth,
        Downsampling.SYMMETRIC,
        TimeEmbeddingConfig.DEFAULT,
        Initialization.TORCH);
  }
}
