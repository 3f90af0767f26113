package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * The schedule in which ᾱ falls exponentially; diffusers' alpha transform "exp".
 *
 * <p>As a table it is a {@link ConstantSchedule}, whose β is chosen by where ᾱ ends rather than by
 * what one step adds: it leaves the same ᾱ for every T.
 */
public final class ExponentialSchedule {
  private static final double RATE = 12;

  private ExponentialSchedule() {}

  /** Returns diffusers' choice, which ends with ᾱ = e⁻¹² = 6e-6. */
  public static NoiseSchedule of(int steps) {
    return of(steps, RATE);
  }

  /**
   * Returns T = {@code steps} variances.
   *
   * <pre>  ᾱₜ = exp(−rate · t / T),  β ≤ 0.999 </pre>
   *
   * @param rate −ln ᾱ at the end, above 0
   */
  public static NoiseSchedule of(int steps, double rate) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "rate is %s; allowed: a number above 0", rate));
    }
    return ConstantSchedule.of(
        steps, Math.min(-Math.expm1(-rate / steps), NoiseSchedule.LARGEST_BETA));
  }
}
