package io.github.diffusion4j.baseline;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** Holds logarithms of variances in a range where their exponentials are harmless. */
final class SoftLimit {
  private static final double LIMIT = 8;

  private SoftLimit() {}

  /** Returns 8 tanh(x / 8): x itself where it is small, never beyond ±8. */
  static Tensor of(Tensor x) {
    return Functions.tanh(x.times(1 / LIMIT)).times(LIMIT);
  }
}
