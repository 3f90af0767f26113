package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

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
   * <p>tr √(Σ₁ Σ₂) is taken as tr √(Σ₁^½ Σ₂ Σ₁^½), whose matrix is symmetric: no complex roots
   * appear, and singular covariances need no offset.
   *
   * @throws IllegalArgumentException if the two have features of different dimensions
   */
  public static double between(GaussianStatistics first, GaussianStatistics second) {
    if (first.dimension() != second.dimension()) {
      throw new IllegalArgumentException(
          "features of dimension %d and %d; allowed: the same dimension"
              .formatted(first.dimension(), second.dimension()));
    }
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      double means = first.mean().minus(second.mean()).square().sum().item();
      Tensor root = first.covariance().symmetricSqrt();
      Tensor product = root.matmul(second.covariance()).matmul(root);
      double distance = means + trace(first) + trace(second) - 2 * traceOfRoot(product);
      return Math.max(0, distance); // rounding can leave −1e-13 for equal sets
    }
  }

  private static double trace(GaussianStatistics statistics) {
    return statistics.covariance().symmetricEigenvalues().sum().item();
  }

  private static double traceOfRoot(Tensor symmetric) {
    double[] eigenvalues = symmetric.symmetricEigenvalues().toDoubles();
    return Arrays.stream(eigenvalues).map(value -> Math.sqrt(Math.max(0, value))).sum();
  }
}
