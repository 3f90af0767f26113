package io.github.diffusion4j.checkpoint;

/** Which weights to take where there are those of the last step and their average. */
public enum Average {
  /** The average. */
  USE,
  /** Those of the last step. */
  SKIP
}
