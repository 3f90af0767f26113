package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * The distribution Beta(a, a) on [0, 1], which for a below 1 has most of its weight at the ends.
 *
 * @param shape a, above 0
 */
record SymmetricBeta(double shape) {
  private static final int HALVINGS = 60;
  private static final double SMALL = 1e-17;

  /**
   * Returns x with P(X ≤ x) = {@code probability}, to about 1e-15.
   *
   * @param probability in [0, 1]
   */
  double quantile(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "probability is %s; allowed: 0…1", probability));
    }
    if (probability > 0.5) {
      return 1 - quantile(1 - probability);
    }
    double wanted = 2 * probability * integral(0.5);
    double low = 0;
    double high = 0.5;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (integral(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * Returns the integral of the density, not normalized, from 0 to {@code x} in [0, 1/2]; its
   * binomial series.
   *
   * <pre>  ∫ uᵃ⁻¹ (1 − u)ᵃ⁻¹ du = xᵃ Σₙ (1 − a)ₙ / n! · xⁿ / (a + n) </pre>
   */
  private double integral(double x) {
    double coefficient = 1;
    double sum = 1 / shape;
    for (int n = 1; Math.abs(coefficient) > SMALL; n++) {
      coefficient *= (n - shape) / n * x;
      sum += coefficient / (shape + n);
    }
    return Math.pow(x, shape) * sum;
  }
}
