package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * β(t) = min + (max − min) t, the rate of noise in the VP and sub-VP processes, and its integral.
 */
record LinearRate(double min, double max) {
  LinearRate {
    if (!(min > 0 && max >= min && max < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "betaMin is %s and betaMax %s; allowed: 0 < betaMin ≤ betaMax",
              min,
              max));
    }
  }

  double at(double t) {
    return min + (max - min) * checked(t);
  }

  /** The integral of β from 0 to t. */
  double integral(double t) {
    return min * checked(t) + 0.5 * (max - min) * t * t;
  }

  /** The inverse of {@link #integral}, in the form of the root that loses no digits. */
  double timeOf(double integral) {
    return 2 * integral / (min + Math.sqrt(min * min + 2 * (max - min) * integral));
  }

  static double checked(double t) {
    if (!(t >= 0 && t < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "t is %s; allowed: 0 or a number above", t));
    }
    return t;
  }

  static double checkedSigma(double sigma) {
    if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "sigma is %s; allowed: 0 or a number above", sigma));
    }
    return sigma;
  }
}
