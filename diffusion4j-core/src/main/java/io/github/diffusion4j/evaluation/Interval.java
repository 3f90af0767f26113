package io.github.diffusion4j.evaluation;

import java.util.Arrays;
import java.util.Locale;

/**
 * Where a number lies with a probability of 95 %: an interval made in this way from fresh samples
 * holds it 95 times of 100.
 *
 * @param low the lower end
 * @param high the upper end, not below it
 */
public record Interval(double low, double high) {
  private static final double Z = 1.959963984540054; // of the normal distribution, both sides

  /** Refuses ends in the wrong order, and those that are no numbers. */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "an interval from %s to %s; allowed: ends in order", low, high));
    }
  }

  /** Returns the interval around an estimate whose errors are normal. */
  public static Interval normal(double estimate, double standardError) {
    return new Interval(estimate - Z * standardError, estimate + Z * standardError);
  }

  /**
   * Returns the interval around an estimate whose standard error is itself estimated.
   *
   * @param degrees of freedom of the standard error, 3 or more: one less than the values it is from
   */
  public static Interval student(double estimate, double standardError, int degrees) {
    if (degrees < 3) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "an interval with %d degrees of freedom; allowed: 3 or more", degrees));
    }
    double half = quantile(degrees) * standardError;
    return new Interval(estimate - half, estimate + half);
  }

  /** The expansion of Student's quantile around the normal one, right to 0.03 from 3 on. */
  private static double quantile(double degrees) {
    double z2 = Z * Z;
    double first = Z * (z2 + 1) / 4;
    double second = Z * ((5 * z2 + 16) * z2 + 3) / 96;
    double third = Z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    double fourth = Z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return Z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees;
  }

  /** Returns the interval of a mean of independent values. */
  static Interval ofMean(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(squares / (values.length - 1.0) / values.length);
    return student(mean, error, values.length - 1);
  }

  /**
   * Returns Wilson's interval of a probability.
   *
   * @param hits how often it happened
   * @param trials out of how many independent trials
   */
  static Interval ofShare(int hits, int trials) {
    return ofShare((double) hits / trials, trials);
  }

  /**
   * Returns Wilson's interval of a probability. Where nothing or everything happened, it reaches as
   * far as the exact one at least: to p with (1 − p)^n = 0.025.
   *
   * @param share how often it happened, between 0 and 1
   * @param trials n, out of how many independent trials, above 0; an effective number may be no
   *     integer
   */
  static Interval ofShare(double share, double trials) {
    double scale = 1 + Z * Z / trials;
    double center = (share + Z * Z / (2 * trials)) / scale;
    double half =
        Z / scale * Math.sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials));
    double exact = -Math.expm1(Math.log(0.025) / trials);
    double low = share == 1 ? Math.min(1 - exact, center - half) : center - half;
    double high = share == 0 ? Math.max(exact, center + half) : center + half;
    return new Interval( // rounding must not push the share itself out
        Math.max(0, Math.min(share, low)), Math.min(1, Math.max(share, high)));
  }

  /** Returns the interval of the median, by the ranks that lie around it in any distribution. */
  static Interval ofMedian(double... values) {
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    int n = ascending.length;
    int below = Math.max(0, (int) Math.floor(n / 2.0 - Z * Math.sqrt(n) / 2));
    int above = Math.min(n - 1, (int) Math.ceil(n / 2.0 + Z * Math.sqrt(n) / 2));
    return new Interval(ascending[below], ascending[above]);
  }

  /** Returns the part of this interval that lies between the bounds of what is possible. */
  Interval within(double least, double most) {
    return new Interval(
        Math.min(most, Math.max(least, low)), Math.max(least, Math.min(most, high)));
  }

  /** Returns the shortest interval that contains this one and {@code other}. */
  Interval hull(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** Returns the interval of {@code factor}, 0 or more, times the estimate. */
  Interval times(double factor) {
    return new Interval(factor * low, factor * high);
  }

  /** Returns whether the interval holds {@code number}. */
  public boolean holds(double number) {
    return low <= number && number <= high;
  }

  /** Returns for example {@code 12.1 … 12.9}, with digits by the width. */
  @Override
  public String toString() {
    double width = high - low;
    int digits = width > 0 ? Math.max(0, Math.min(12, 1 - (int) Math.floor(Math.log10(width)))) : 4;
    return String.format(Locale.ROOT, "%." + digits + "f … %." + digits + "f", low, high);
  }
}
