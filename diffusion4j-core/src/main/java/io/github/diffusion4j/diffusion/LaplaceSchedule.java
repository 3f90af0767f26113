package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * The schedule whose log SNR has a Laplace distribution when t is drawn uniformly ([Hang]): most
 * steps lie where image and noise are alike.
 *
 * <p>diffusers has a schedule of that name, {@link #ofDiffusers}, which is another one.
 */
public final class LaplaceSchedule {
  private static final double DIFFUSERS_FLOOR = 1e-6;

  private LaplaceSchedule() {}

  /** Returns the usual choice: the distribution about 0 with scale 0.5. */
  public static NoiseSchedule of(int steps) {
    return of(steps, 0, 0.5);
  }

  /**
   * Returns T = {@code steps} variances.
   *
   * <pre>
   *  ln SNR(u) = mean − scale · sgn(½ − u) · ln(1 − 2 |½ − u|),  u = t / T
   *  ᾱₜ = SNR / (1 + SNR),  β ≤ 0.999
   * </pre>
   *
   * @param mean the log SNR at the middle of the steps
   * @param scale how widely the log SNR is spread, above 0
   */
  public static NoiseSchedule of(int steps, double mean, double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "scale is %s; allowed: a number above 0", scale));
    }
    return CosineSchedule.fromAlphaBar(
        steps, u -> SigmoidSchedule.sigmoid(mean + scale * laplace(u, 0)));
  }

  /**
   * Returns what diffusers computes for {@code beta_schedule = "laplace"}.
   *
   * <p>Differs: its formula ends with √(SNR / (1 + SNR)), which is √ᾱ, and takes that for ᾱ. So the
   * log SNR is not Laplacian, and 18 % of an image's amplitude are left at T. It serves networks
   * that were trained so.
   */
  public static NoiseSchedule ofDiffusers(int steps) {
    return CosineSchedule.fromAlphaBar(
        steps, u -> Math.sqrt(SigmoidSchedule.sigmoid(0.5 * laplace(u, DIFFUSERS_FLOOR))));
  }

  /** The quantile function of the Laplace distribution at 1 − u: from +∞ at u = 0 to −∞ at 1. */
  private static double laplace(double u, double floor) {
    return -Math.copySign(1, 0.5 - u) * Math.log(1 - 2 * Math.abs(0.5 - u) + floor);
  }
}
