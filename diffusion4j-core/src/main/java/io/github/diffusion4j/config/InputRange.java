package io.github.diffusion4j.config;

/** The range of the numbers that a network is given. */
public enum InputRange {
  /** Whatever the process makes, which is centered on zero already. */
  CENTERED,
  /** [0, 1], which the network itself stretches to [−1, 1]; {@code center_input_sample}. */
  ZERO_TO_ONE
}
