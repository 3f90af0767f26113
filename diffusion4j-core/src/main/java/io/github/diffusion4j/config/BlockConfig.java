package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * How the blocks of a U-Net differ from those of DDPM.
 *
 * @param activation the nonlinearity of the residual blocks
 * @param timeConditioning how a residual block is told the time
 * @param downsampler what halves the resolution behind blocks with attention
 * @param upsampler what doubles the resolution behind blocks with attention
 * @param middleGroups groups of the norm in front of the attention in the middle; empty means as
 *     many as elsewhere with {@link TimeConditioning#SHIFT}, and no norm with {@link
 *     TimeConditioning#SCALE_SHIFT}, as diffusers does
 * @param middleScale number that the sums of the blocks in the middle are divided by
 */
public record BlockConfig(
    Activation activation,
    TimeConditioning timeConditioning,
    Resampling downsampler,
    Resampling upsampler,
    Optional<Integer> middleGroups,
    double middleScale) {

  /** How a residual block is told the time. */
  public enum TimeConditioning {
    /** A vector made of the time is added before the second norm. */
    SHIFT,
    /** The result of the second norm is scaled and shifted by two vectors made of the time. */
    SCALE_SHIFT
  }

  /** What changes the resolution. */
  public enum Resampling {
    /** One convolution. */
    CONVOLUTION,
    /** A residual block with the change in its middle. */
    RESIDUAL
  }

  /** The blocks of DDPM. */
  public static final BlockConfig DDPM =
      new BlockConfig(
          Activation.SILU,
          TimeConditioning.SHIFT,
          Resampling.CONVOLUTION,
          Resampling.CONVOLUTION,
          Optional.empty(),
          1);

  /** Refuses values that no block can have. */
  public BlockConfig {
    Require.positive("model.layers.blocks.middleGroups", middleGroups);
    Require.that(
        middleScale != 0 && Double.isFinite(middleScale),
        "model.layers.blocks.middleScale",
        middleScale,
        "a number other than 0");
  }
}
