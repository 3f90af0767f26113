package io.github.diffusion4j.diffusion;

import java.util.Arrays;
import java.util.Locale;

/**
 * The variances β₁…β_T of the forward process and the numbers that follow from them.
 *
 * <p>An immutable table of doubles with T + 1 entries; it needs no native library. The kinds of
 * schedules are the classes of this package whose names end with Schedule; {@link #ofBetas} takes
 * any table. A shortened schedule is a new schedule: {@link #shortenedTo}; so is one whose end is
 * moved to pure noise: {@link ZeroTerminalSnr}.
 *
 * <p>1 − ᾱₜ is taken as the difference that it is. Where β₁ is tiny it has fewer digits than a
 * double: its relative error is at most about 1e-16 / β₁, so 12 digits are right for β₁ = 1e-4 and
 * 11 for the 1e-5 of 4000 cosine steps. Images have 7 digits.
 */
public final class NoiseSchedule {
  /** Where kinds that prescribe ᾱ hold β, so that x₀ can still be had from xₜ and ε (iDDPM). */
  static final double LARGEST_BETA = 0.999;

  private final double[] beta;
  private final double[] alphaBar;

  private NoiseSchedule(double[] beta, double[] alphaBar) {
    this.beta = beta;
    this.alphaBar = alphaBar;
  }

  /**
   * Returns the schedule with the given variances.
   *
   * @param betas β₁…β_T, each in (0, 1]
   * @throws IllegalArgumentException if there are none or one is outside that range
   */
  public static NoiseSchedule ofBetas(double... betas) {
    if (betas.length == 0) {
      throw new IllegalArgumentException("a schedule has at least one step; got 0 betas");
    }
    double[] beta = new double[betas.length + 1];
    double[] alphaBar = new double[betas.length + 1];
    alphaBar[0] = 1;
    for (int t = 1; t < beta.length; t++) {
      beta[t] = betas[t - 1];
      if (!(beta[t] > 0 && beta[t] <= 1)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "beta(%d) is %s; allowed: 0 < beta <= 1", t, beta[t]));
      }
      alphaBar[t] = alphaBar[t - 1] * (1 - beta[t]);
    }
    return new NoiseSchedule(beta, alphaBar);
  }

  /**
   * Returns the schedule whose steps have the given noise / signal.
   *
   * <pre>  βₜ = (σₜ² − σ₍t−1₎²) / (1 + σₜ²),  σ₀ = 0 </pre>
   *
   * @param descending σ_T…σ₁, above 0
   */
  public static NoiseSchedule ofSigmas(double... descending) {
    double[] betas = new double[descending.length];
    double before = 0;
    for (int t = 1; t <= betas.length; t++) {
      double sigma = descending[betas.length - t];
      betas[t - 1] = (sigma - before) * (sigma + before) / (1 + sigma * sigma);
      before = sigma;
    }
    return ofBetas(betas);
  }

  /** Returns T, the number of steps. */
  public int steps() {
    return beta.length - 1;
  }

  /** Returns βₜ, the variance that step t adds; t in 1…T. */
  public double beta(int t) {
    return beta[checked(t, 1)];
  }

  /** Returns αₜ = 1 − βₜ; t in 1…T. */
  public double alpha(int t) {
    return 1 - beta(t);
  }

  /** Returns ᾱₜ = α₁ · … · αₜ; t in 0…T, and ᾱ₀ = 1. */
  public double alphaBar(int t) {
    return alphaBar[checked(t, 0)];
  }

  /** Returns √ᾱₜ, how much of x₀ is left in xₜ. */
  public double sqrtAlphaBar(int t) {
    return Math.sqrt(alphaBar(t));
  }

  /** Returns √(1 − ᾱₜ), how much noise is in xₜ. */
  public double sqrtOneMinusAlphaBar(int t) {
    return Math.sqrt(1 - alphaBar(t));
  }

  /**
   * Returns the variance of the posterior q(x₍t−1₎ | xₜ, x₀), [DDPM Eq. 7].
   *
   * <pre>  β̃ₜ = (1 − ᾱ₍t−1₎) / (1 − ᾱₜ) · βₜ </pre>
   *
   * <p>β̃₁ = 0: the last step of the reverse process is certain, given x₀.
   */
  public double betaTilde(int t) {
    double beta = beta(t);
    return (1 - alphaBar(t - 1)) / (1 - alphaBar(t)) * beta;
  }

  /**
   * Returns ln β̃ₜ, and at t = 1, where that is −∞, ln β̃₂.
   *
   * <p>The convention of the code of DDPM and iDDPM: the decoder needs a variance above 0 at the
   * last step. diffusers takes ln 1e-20 there. With T = 1 there is no β̃₂ and ln β₁ stands in for
   * it, as β̃₂ ≤ β₁ in every schedule.
   */
  public double logBetaTildeClipped(int t) {
    if (steps() == 1) {
      return Math.log(beta(t));
    }
    return Math.log(betaTilde(t == 1 ? 2 : t));
  }

  /** Returns how much image and noise there is in xₜ; t in 0…T. */
  public NoiseLevel level(int t) {
    return new NoiseLevel(t, sqrtAlphaBar(t), sqrtOneMinusAlphaBar(t));
  }

  /** Returns the signal-to-noise ratio ᾱₜ / (1 − ᾱₜ); infinite at t = 0. */
  public double snr(int t) {
    return alphaBar(t) / (1 - alphaBar(t));
  }

  /**
   * Returns ln(ᾱₜ / (1 − ᾱₜ)), twice the λ of {@link NoiseLevel}: +∞ at t = 0, and −∞ at T if the
   * schedule ends with no signal at all.
   */
  public double logSnr(int t) {
    return Math.log(alphaBar(t)) - Math.log(1 - alphaBar(t));
  }

  /**
   * Returns the schedule that visits only the steps of {@code tau}, as a schedule of its own.
   *
   * <pre>  βₛ = 1 − ᾱ(τₛ) / ᾱ(τ₍s−1₎) </pre>
   *
   * <p>Its ᾱ at s equals this one's at τₛ; the betas must be computed anew ([iDDPM Eq. 19]).
   */
  public NoiseSchedule shortenedTo(SubSequence tau) {
    if (tau.t(tau.length()) > steps()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the sub-sequence ends at %d; this schedule has %d steps",
              tau.t(tau.length()),
              steps()));
    }
    double[] shortBeta = new double[tau.length() + 1];
    double[] shortAlphaBar = new double[tau.length() + 1];
    shortAlphaBar[0] = 1;
    for (int s = 1; s <= tau.length(); s++) {
      shortAlphaBar[s] = alphaBar(tau.t(s));
      shortBeta[s] = betaBetween(tau.t(s - 1), tau.t(s));
    }
    return new NoiseSchedule(shortBeta, shortAlphaBar);
  }

  private double betaBetween(int before, int now) {
    if (now == before + 1) {
      return beta(now); // the quotient would lose a digit
    }
    // Noise without any signal left stays what it is, whatever beta; 1 is the honest one.
    return alphaBar(before) == 0 ? 1 : 1 - alphaBar(now) / alphaBar(before);
  }

  /** Returns the table β₁…β_T. */
  public double[] betas() {
    return Arrays.copyOfRange(beta, 1, beta.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoiseSchedule that && Arrays.equals(beta, that.beta);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(beta);
  }

  private int checked(int t, int least) {
    if (t < least || t > steps()) {
      throw new IndexOutOfBoundsException(
          String.format(Locale.ROOT, "t is %d; allowed: %d…%d", t, least, steps()));
    }
    return t;
  }
}
