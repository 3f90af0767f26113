package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.LinearAlgebra;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * The squared Fréchet distance between two Gaussians, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 √(Σ₁ Σ₂)).
 *
 * <p>With features of the Inception network this number is called FID; with any other features it
 * is not. It grows as sets get smaller, so only sets of equal size may be compared.
 */
public final class FrechetDistance {
  private FrechetDistance() {}

  /**
   * Returns the distance, at least 0, in squared units of the features.
   *
   * <p>With factors Σ = L Lᵀ from the eigenvectors, tr √(Σ₁ Σ₂) is the sum of the singular values
   * of L₁ᵀ L₂. No complex roots appear; singular covariances, as those of fewer samples than
   * features, need no offset and lose no digits, for no root is taken of a rounding error.
   *
   * @throws IllegalArgumentException if the two have features of different dimensions, or a
   *     covariance is none
   */
  public static double between(GaussianStatistics first, GaussianStatistics second) {
    Features.requireSameDimension(first.dimension(), second.dimension());
    try (Scope scope = Scope.open()) {
      return between(first, first.factor(), second);
    }
  }

  /** As the other, for one side that is compared with many and factored once. */
  static double between(GaussianStatistics first, Tensor factor, GaussianStatistics second) {
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      double means = first.mean().minus(second.mean()).square().sum().item();
      Tensor product = factor.permute(1, 0).matmul(second.factor());
      double distance = means + first.trace() + second.trace() - 2 * sumOfSingularValues(product);
      return Math.max(0, distance); // rounding can leave −1e-13 for equal sets
    }
  }

  /** Returns the distance of two sets of samples, each of at least two. */
  public static double between(Features first, Features second) {
    Features.requireComparable(first, second);
    return between(GaussianStatistics.of(first), GaussianStatistics.of(second));
  }

  /**
   * Returns the distance of samples to a fixed reference, with an interval for the mean distance of
   * sets of as many samples. Of no more samples than features there is none: a derivative says
   * nothing of a number that depends on each sample's own direction.
   *
   * @throws IllegalArgumentException if there are fewer than two samples, or the dimensions differ
   */
  public static IntervalEstimate estimate(Features samples, GaussianStatistics reference) {
    Features.requireSameDimension(samples.dimension(), reference.dimension());
    GaussianStatistics own = GaussianStatistics.of(samples);
    double distance = between(own, reference);
    if (samples.count() <= samples.dimension()) {
      return new IntervalEstimate(
          distance,
          Optional.empty(),
          String.format(
              Locale.ROOT,
              "no interval: %d samples of %d features",
              samples.count(),
              samples.dimension()));
    }
    double error = FrechetInfluence.deviation(samples, own, reference) / Math.sqrt(samples.count());
    Interval interval = Interval.normal(distance, error);
    return new IntervalEstimate(
        distance,
        new Interval(Math.max(0, interval.low()), interval.high()),
        "influence of each sample");
  }

  private static double sumOfSingularValues(Tensor matrix) {
    return matrix.numel() == 0 ? 0 : LinearAlgebra.singularValues(matrix).sum().item();
  }
}
