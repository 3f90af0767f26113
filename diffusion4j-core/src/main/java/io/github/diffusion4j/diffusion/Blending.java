package io.github.diffusion4j.diffusion;

import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The general forward process, which shrinks the image by any factor and adds any noise in each
 * step.
 *
 * <pre>  xₜ = aₜ x₍t−1₎ + bₜ ε </pre>
 *
 * <p>Sums of Gaussians are Gaussian, so t steps are one: xₜ has the merged signal aₜ … a₁ and the
 * merged variance (aₜ … a₂)² b₁² + … + bₜ². With aₜ² + bₜ² = 1 for all t, the two add up to 1: that
 * is a {@link NoiseSchedule} with βₜ = bₜ². Any other process is one too, up to a change of units
 * that keeps the signal-to-noise ratio: {@link #normalized}.
 *
 * <p>In notes that use this notation for DDPM, a is written α and b is written β; the products of
 * their αs are √ᾱ here.
 */
public final class Blending {
  /** How far a² + b² may be from 1 by rounding. */
  private static final double ROUNDING = 1e-12;

  private final double[] a;
  private final double[] b;
  private final double[] signal;
  private final double[] variance;

  private Blending(double[] a, double[] b) {
    this.a = a.clone();
    this.b = b.clone();
    this.signal = new double[a.length + 1];
    this.variance = new double[a.length + 1];
    signal[0] = 1;
    for (int t = 1; t <= a.length; t++) {
      signal[t] = a(t) * signal[t - 1];
      variance[t] = a(t) * a(t) * variance[t - 1] + b(t) * b(t);
    }
  }

  /**
   * Returns the process with the given factors.
   *
   * @param a a₁…a_T, each 0 or more
   * @param b b₁…b_T, each 0 or more, and not 0 where a is
   */
  public static Blending of(double[] a, double[] b) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d factors a and %d factors b; allowed: as many of each, at least 1",
              a.length,
              b.length));
    }
    for (int i = 0; i < a.length; i++) {
      if (!(a[i] >= 0 && b[i] >= 0 && a[i] + b[i] > 0 && a[i] + b[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a(%d) is %s and b(%d) is %s; allowed: finite, 0 or more, not both 0",
                i + 1,
                a[i],
                i + 1,
                b[i]));
      }
    }
    return new Blending(a, b);
  }

  /** Returns {@code schedule} as blending: aₜ = √(1 − βₜ), bₜ = √βₜ. */
  public static Blending of(NoiseSchedule schedule) {
    return new Blending(
        IntStream.rangeClosed(1, schedule.steps())
            .mapToDouble(t -> Math.sqrt(schedule.alpha(t)))
            .toArray(),
        IntStream.rangeClosed(1, schedule.steps())
            .mapToDouble(t -> Math.sqrt(schedule.beta(t)))
            .toArray());
  }

  /** Returns T, the number of steps. */
  public int steps() {
    return a.length;
  }

  /** Returns aₜ, the factor of x₍t−1₎; t in 1…T. */
  public double a(int t) {
    return a[t - 1];
  }

  /** Returns bₜ, the factor of the noise; t in 1…T. */
  public double b(int t) {
    return b[t - 1];
  }

  /** Returns aₜ · … · a₁, the factor of x₀ in xₜ; t in 0…T. */
  public double mergedSignal(int t) {
    return signal[t];
  }

  /** Returns (aₜ … a₂)² b₁² + … + bₜ², the variance of all noise in xₜ; t in 0…T. */
  public double mergedVariance(int t) {
    return variance[t];
  }

  /** Returns how much image and noise there is in xₜ; t in 0…T. */
  public NoiseLevel level(int t) {
    return new NoiseLevel(t, signal[t], Math.sqrt(variance[t]));
  }

  /** Returns whether aₜ² + bₜ² = 1 in all steps, so that data of variance 1 keep it. */
  public boolean isVariancePreserving() {
    return IntStream.rangeClosed(1, steps())
        .allMatch(t -> Math.abs(a(t) * a(t) + b(t) * b(t) - 1) <= ROUNDING);
  }

  /**
   * Returns the variance-preserving schedule with the same signal-to-noise ratio at every step:
   * that of xₜ / √(signal² + variance). For a variance-preserving process it is the process itself.
   *
   * <pre>  ᾱₜ = signal² / (signal² + variance) </pre>
   *
   * @throws IllegalArgumentException if a step adds no noise, as βₜ would be 0
   */
  public NoiseSchedule normalized() {
    return NoiseSchedule.ofBetas(
        IntStream.rangeClosed(1, steps()).mapToDouble(this::normalizedBeta).toArray());
  }

  /** 1 − ᾱₜ / ᾱ₍t−1₎, in a form that does not take the difference of nearly equal numbers. */
  private double normalizedBeta(int t) {
    double kept = a(t) * a(t) * (signal[t - 1] * signal[t - 1] + variance[t - 1]);
    double added = b(t) * b(t);
    return added / (kept + added);
  }
}
