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
  RESAMPLING_RESIDUAL,
  /**
   * Residual blocks that change the resolution with a filter, and a small image beside them that
   * skips the blocks: the input on the way down, the answer on the way up. NCSN++ has them; {@code
   * SkipDownBlock2D} and {@code SkipUpBlock2D}.
   */
  SKIP,
  /**
   * As {@link #SKIP}, with self-attention after each residual block on the way down, and after the
   * last one on the way up; {@code AttnSkipDownBlock2D} and {@code AttnSkipUpBlock2D}.
   */
  ATTENTION_SKIP,
  /**
   * Residual blocks whose norms are scaled and shifted by the time, and filters between the levels;
   * only the last result of a level goes across. {@code KDownBlock2D} and {@code KUpBlock2D}.
   */
  K;

  /** Returns whether pixels look at each other. */
  public boolean attends() {
    return this == ATTENTION || this == ATTENTION_SKIP;
  }

  /** Returns whether a small image goes beside the blocks. */
  public boolean skips() {
    return this == SKIP || this == ATTENTION_SKIP;
  }
}
