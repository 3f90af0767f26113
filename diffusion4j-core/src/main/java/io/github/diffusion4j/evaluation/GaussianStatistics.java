package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.LinearAlgebra;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Mean and covariance of a set of feature vectors: all that a Fréchet distance sees of it.
 *
 * <p>The numbers lie on the Java heap in F64, so an instance belongs to no scope.
 */
public final class GaussianStatistics {
  private static final int ROWS = 2048; // so that large sets are not centered all at once

  private static final double ASYMMETRY = 1e-5; // what 32-bit products may leave

  private static final double INDEFINITE = 1e-4; // share of the trace; what 32 bits may leave

  private final double[] mean;
  private final double[] covariance;
  private final OptionalInt samples;

  private GaussianStatistics(double[] mean, double[] covariance, OptionalInt samples) {
    this.mean = mean;
    this.covariance = covariance;
    this.samples = samples;
  }

  /**
   * Takes given numbers.
   *
   * @param mean [d]
   * @param covariance [d, d], symmetric, in row-major order
   * @throws IllegalArgumentException if the lengths do not belong together, a number is not finite,
   *     the covariance is not symmetric, a variance is below 0, or two features vary together more
   *     than each does
   */
  public static GaussianStatistics of(double[] mean, double[] covariance) {
    if (mean.length == 0 || covariance.length != mean.length * mean.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a covariance of %d numbers for a mean of %d; allowed: d · d for d ≥ 1",
              covariance.length,
              mean.length));
    }
    requireFinite("mean", mean);
    requireFinite("covariance", covariance);
    requireCovariance(covariance, mean.length);
    return new GaussianStatistics(mean.clone(), covariance.clone(), OptionalInt.empty());
  }

  /**
   * Measures a set; the covariance is divided by n − 1, as {@code numpy.cov} does.
   *
   * @param features of n ≥ 2 samples; n may be less than d, the covariance is then singular
   * @throws IllegalArgumentException if there are fewer than two samples
   */
  public static GaussianStatistics of(Features features) {
    return features.statistics();
  }

  /** Measures a set, which remembers the result. */
  static GaussianStatistics measure(Features features) {
    features.requireCount(2, "mean and covariance");
    int count = features.count();
    int dimension = features.dimension();
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor mean = Tensor.zeros(DType.F64, dimension);
      Tensor products = Tensor.zeros(DType.F64, dimension, dimension);
      for (int first = 0; first < count; first += ROWS) {
        try (Scope block = Scope.open()) {
          mean.plusInPlace(features.rows(first, Math.min(ROWS, count - first)).sum(0), 1.0 / count);
        }
      }
      for (int first = 0; first < count; first += ROWS) {
        try (Scope block = Scope.open()) {
          Tensor off = features.rows(first, Math.min(ROWS, count - first)).minus(mean);
          products.plusInPlace(off.permute(1, 0).matmul(off), 1 / (count - 1.0));
        }
      }
      return new GaussianStatistics(mean.toDoubles(), products.toDoubles(), OptionalInt.of(count));
    }
  }

  /**
   * Measures a set as it comes from a network.
   *
   * @param features one vector per row, [n, d], n ≥ 2
   * @throws IllegalArgumentException if there are fewer than two rows, or a number is not finite
   */
  public static GaussianStatistics of(Tensor features) {
    return of(Features.of(features));
  }

  /** Returns d, the number of features. */
  public int dimension() {
    return mean.length;
  }

  /** Returns the mean as a new tensor, F64 [d]. */
  public Tensor mean() {
    return Tensor.of(mean, dimension());
  }

  /** Returns the covariance as a new tensor, F64 [d, d]. */
  public Tensor covariance() {
    return Tensor.of(covariance, dimension(), dimension());
  }

  /** Returns how many samples were measured; empty if the numbers were given. */
  public OptionalInt samples() {
    return samples;
  }

  /** Returns what to tell a reader of a distance from these, if there were too few samples. */
  public Optional<String> warning() {
    return samples.isPresent() ? warning(samples.getAsInt(), dimension()) : Optional.empty();
  }

  /** Returns what {@link #warning()} says of a set of this size, without measuring it. */
  public static Optional<String> warning(int samples, int dimension) {
    return samples > dimension
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d samples of %d features: the covariance is singular, and distances are far too large",
                samples,
                dimension));
  }

  /** The sum of the variances. */
  double trace() {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += covariance[i * mean.length + i];
    }
    return sum;
  }

  /**
   * Returns L with Σ = L Lᵀ, as {@link LinearAlgebra#symmetricFactor} does, new in the open scope.
   *
   * @throws IllegalArgumentException if eigenvalues are below 0 by more than rounding
   */
  Tensor factor() {
    Tensor factor = LinearAlgebra.symmetricFactor(covariance());
    double negative = factor.square().sum().item() - trace(); // as L has only those above 0
    if (negative > INDEFINITE * trace()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the covariance has eigenvalues below 0, which add up to %s where all add up to %s; allowed: 0 or more",
              -negative,
              trace()));
    }
    return factor;
  }

  private static void requireFinite(String name, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "number %d (from 0 on) of the %s is %s; allowed: finite numbers",
                i,
                name,
                numbers[i]));
      }
    }
  }

  private static void requireCovariance(double[] covariance, int dimension) {
    double largest = 0;
    for (int i = 0; i < dimension; i++) {
      double variance = covariance[i * dimension + i];
      if (variance < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "variance %d (from 0 on) is %s; allowed: 0 or more", i, variance));
      }
      largest = Math.max(largest, variance);
    }
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < i; j++) {
        double one = covariance[i * dimension + j];
        double other = covariance[j * dimension + i];
        if (Math.abs(one - other) > ASYMMETRY * largest) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "entry [%d, %d] of the covariance is %s, but [%d, %d] is %s; allowed: symmetric ones",
                  i,
                  j,
                  one,
                  j,
                  i,
                  other));
        }
        double first = covariance[i * dimension + i];
        double second = covariance[j * dimension + j];
        if (Math.abs(one) > Math.sqrt(first) * Math.sqrt(second) + ASYMMETRY * largest) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "entry [%d, %d] of the covariance is %s between variances %s and %s; allowed: up to the root of their product",
                  i,
                  j,
                  one,
                  first,
                  second));
        }
      }
    }
  }
}
