package io.github.diffusion4j.config;

/** What the blocks of one level of the U-Net are made of. */
public enum BlockKind {
  /** Residual blocks only; diffusers' {@code DownBlock2D} and {@code UpBlock2D}. */
  RESIDUAL,
  /**
   * Self-attention after each residual block; {@code AttnDownBlock2D} and {@code AttnUpBlock2D}.
   */
  ATTENTION,
  /**
   * Residual blocks, of which one changes the resolution; {@code ResnetDownsampleBlock2D} and
   * {@code ResnetUpsampleBlock2D}.
   */
  RESAMPLING_RESIDUAL
}
