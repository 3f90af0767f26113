package io.github.diffusion4j.diffusion;

import java.util.stream.IntStream;

/** The paper's schedule: β grows linearly ([DDPM sec. 4]). */
public final class LinearSchedule {
  private LinearSchedule() {}

  /** Returns the paper's choice: T = 1000, β from 1e-4 to 0.02. */
  public static NoiseSchedule ddpm() {
    return of(1000, 1e-4, 0.02);
  }

  /**
   * Returns T = {@code steps} variances from {@code betaStart} to {@code betaEnd}.
   *
   * <pre>  βₜ = betaStart + (t − 1) / (T − 1) · (betaEnd − betaStart) </pre>
   */
  public static NoiseSchedule of(int steps, double betaStart, double betaEnd) {
    return NoiseSchedule.ofBetas(spaced(steps, betaStart, betaEnd));
  }

  /** {@code count} numbers from {@code first} to {@code last} at equal distances. */
  static double[] spaced(int count, double first, double last) {
    double distance = count > 1 ? (last - first) / (count - 1) : 0;
    return IntStream.range(0, count).mapToDouble(i -> first + i * distance).toArray();
  }
}
