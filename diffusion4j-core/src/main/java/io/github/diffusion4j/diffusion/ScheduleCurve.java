package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * The levels of a {@link NoiseSchedule}, with those between its steps.
 *
 * <p>Between two steps ln σ is linear in t. A network that was trained at whole times is asked at
 * such a time in between when a sampler chooses its levels by σ.
 */
public final class ScheduleCurve implements NoiseCurve {
  private final NoiseSchedule schedule;

  /** The curve through the steps of {@code schedule}. */
  public ScheduleCurve(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /** Returns the level at {@code t}, which is 0 or in [1, T]. */
  @Override
  public NoiseLevel at(double t) {
    if (!(t == 0 || (t >= 1 && t <= schedule.steps()))) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "t is %s; allowed: 0, or 1…%d", t, schedule.steps()));
    }
    int before = (int) t;
    if (t == before) {
      return schedule.level(before);
    }
    double part = t - before;
    return withSigma(t, Math.exp(logSigma(before) * (1 - part) + logSigma(before + 1) * part));
  }

  /** Returns the level with the given σ; times before 1 and after T become 1 and T. */
  @Override
  public NoiseLevel atSigma(double sigma) {
    double wanted = Math.log(sigma);
    int low = 1;
    int high = schedule.steps();
    if (low == high || wanted <= logSigma(low)) {
      return withSigma(low, sigma);
    }
    if (wanted >= logSigma(high)) {
      return withSigma(high, sigma);
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (logSigma(middle) <= wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double part = (wanted - logSigma(low)) / (logSigma(high) - logSigma(low));
    return withSigma(low + part, sigma);
  }

  private static NoiseLevel withSigma(double t, double sigma) {
    if (sigma == Double.POSITIVE_INFINITY) {
      return new NoiseLevel(t, 0, 1);
    }
    double signal = 1 / Math.hypot(1, sigma);
    return new NoiseLevel(t, signal, sigma * signal);
  }

  private double logSigma(int t) {
    return -schedule.level(t).lambda();
  }
}
