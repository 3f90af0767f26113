package io.github.diffusion4j.diffusion;

import java.util.Arrays;

/**
 * The schedule whose √β grows linearly, so that β is quadratic in t.
 *
 * <p>Ho's code calls it "quad", diffusers "scaled_linear" and latent diffusion "linear"; the
 * formulas are the same to the digit, so there is no second class.
 */
public final class ScaledLinearSchedule {
  private ScaledLinearSchedule() {}

  /**
   * Returns T = {@code steps} variances from {@code betaStart} to {@code betaEnd}.
   *
   * <pre>  √βₜ = √betaStart + (t − 1) / (T − 1) · (√betaEnd − √betaStart) </pre>
   */
  public static NoiseSchedule of(int steps, double betaStart, double betaEnd) {
    double[] roots = LinearSchedule.spaced(steps, Math.sqrt(betaStart), Math.sqrt(betaEnd));
    return NoiseSchedule.ofBetas(Arrays.stream(roots).map(root -> root * root).toArray());
  }
}
