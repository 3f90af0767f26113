package io.github.diffusion4j.diffusion;

import java.util.Locale;
import java.util.stream.IntStream;

/** The schedule that grows linearly for a while and is constant from then on; from Ho's code. */
public final class WarmupSchedule {
  private WarmupSchedule() {}

  /** Returns the schedule that reaches {@code betaEnd} after 10 % of the steps; "warmup10". */
  public static NoiseSchedule warmup10(int steps, double betaStart, double betaEnd) {
    return of(steps, betaStart, betaEnd, 0.1);
  }

  /** Returns the schedule that reaches {@code betaEnd} after half of the steps; "warmup50". */
  public static NoiseSchedule warmup50(int steps, double betaStart, double betaEnd) {
    return of(steps, betaStart, betaEnd, 0.5);
  }

  /**
   * Returns T = {@code steps} variances that grow during W = ⌊share · T⌋ steps.
   *
   * <pre>  βₜ = betaStart + (t − 1) / (W − 1) · (betaEnd − betaStart) for t ≤ W, else betaEnd
   * </pre>
   *
   * @param share of the steps, in 0…1; a single growing step has betaStart
   */
  public static NoiseSchedule of(int steps, double betaStart, double betaEnd, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "share is %s; allowed: 0…1", share));
    }
    double[] growing = LinearSchedule.spaced((int) (steps * share), betaStart, betaEnd);
    return NoiseSchedule.ofBetas(
        IntStream.range(0, steps)
            .mapToDouble(i -> i < growing.length ? growing[i] : betaEnd)
            .toArray());
  }
}
