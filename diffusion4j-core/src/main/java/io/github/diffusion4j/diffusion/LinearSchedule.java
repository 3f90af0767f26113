package io.github.diffusion4j.diffusion;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The paper's schedule: β grows linearly ([DDPM sec. 4]). */
public final class LinearSchedule {
  private static final int REFERENCE_STEPS = 1000;

  private LinearSchedule() {}

  /** Returns the paper's choice: T = 1000, β from 1e-4 to 0.02. */
  public static NoiseSchedule ddpm() {
    return of(REFERENCE_STEPS, 1e-4, 0.02);
  }

  /**
   * Returns T = {@code steps} variances from {@code betaStart} to {@code betaEnd}.
   *
   * <pre>  βₜ = betaStart + (t − 1) / (T − 1) · (betaEnd − betaStart) </pre>
   */
  public static NoiseSchedule of(int steps, double betaStart, double betaEnd) {
    return NoiseSchedule.ofBetas(spaced(steps, betaStart, betaEnd));
  }

  /**
   * Returns the other reading of "linear" when T is not 1000: betas that grow as T falls, so that
   * as much noise is added in all; that of iDDPM's code.
   *
   * <pre>  βₜ = 1000 / T · (betaStart + (t − 1) / (T − 1) · (betaEnd − betaStart)),  β ≤ 0.999
   * </pre>
   *
   * <p>{@link #of} keeps the betas whatever T is, so that with T = 100 a third of ᾱ is left at the
   * end. As T grows, this one approaches {@link VariancePreserving} with 1000 times the betas.
   *
   * @param betaStart β of the first step if T were 1000
   * @param betaEnd β of the last step if T were 1000
   */
  public static NoiseSchedule rescaled(int steps, double betaStart, double betaEnd) {
    double scale = (double) REFERENCE_STEPS / steps;
    return NoiseSchedule.ofBetas(
        Arrays.stream(spaced(steps, scale * betaStart, scale * betaEnd))
            .map(beta -> Math.min(beta, NoiseSchedule.LARGEST_BETA))
            .toArray());
  }

  /** {@code count} numbers from {@code first} to {@code last} at equal distances. */
  static double[] spaced(int count, double first, double last) {
    double distance = count > 1 ? (last - first) / (count - 1) : 0;
    return IntStream.range(0, count).mapToDouble(i -> first + i * distance).toArray();
  }
}
