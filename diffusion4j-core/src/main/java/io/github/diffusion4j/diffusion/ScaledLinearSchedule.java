package io.github.diffusion4j.diffusion;

import java.util.Arrays;

/** The schedule whose √β grows linearly; called "quad" in Ho's code. */
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
