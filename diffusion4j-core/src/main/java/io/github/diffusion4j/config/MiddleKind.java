package io.github.diffusion4j.config;

/** What stands at the bottom of the U-Net. */
public enum MiddleKind {
  /** Self-attention between two residual blocks, as Ho has. */
  ATTENTION,
  /** Two residual blocks. */
  RESIDUAL,
  /** Nothing. */
  NONE
}
