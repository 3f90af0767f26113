package io.github.diffusion4j.diffusion;

import java.util.Arrays;

/** The schedule that adds the same variance in every step; "const" in Ho's code. */
public final class ConstantSchedule {
  private ConstantSchedule() {}

  /**
   * Returns T = {@code steps} equal variances.
   *
   * <pre>  βₜ = β,  so that ᾱₜ = (1 − β)ᵗ </pre>
   */
  public static NoiseSchedule of(int steps, double beta) {
    double[] betas = new double[steps];
    Arrays.fill(betas, beta);
    return NoiseSchedule.ofBetas(betas);
  }
}
