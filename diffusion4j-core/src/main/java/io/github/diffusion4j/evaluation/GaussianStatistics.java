package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * Mean and covariance of a set of feature vectors: all that a Fréchet distance sees of it.
 *
 * <p>The numbers lie on the Java heap in F64, so an instance belongs to no scope.
 */
public final class GaussianStatistics {
  private final double[] mean;
  private final double[] covariance;

  private GaussianStatistics(double[] mean, double[] covariance) {
    this.mean = mean;
    this.covariance = covariance;
  }

  /**
   * Takes given numbers.
   *
   * @param mean [d]
   * @param covariance [d, d], symmetric, in row-major order
   * @throws IllegalArgumentException if the lengths do not belong together
   */
  public static GaussianStatistics of(double[] mean, double[] covariance) {
    if (mean.length == 0 || covariance.length != mean.length * mean.length) {
      throw new IllegalArgumentException(
          "a covariance of %d numbers for a mean of %d; allowed: d · d for d ≥ 1"
              .formatted(covariance.length, mean.length));
    }
    return new GaussianStatistics(mean.clone(), covariance.clone());
  }

  /**
   * Measures a set; the covariance is divided by n − 1, as {@code numpy.cov} does.
   *
   * @param features one vector per row, [n, d], n ≥ 2; n may be less than d, the covariance is then
   *     singular
   * @throws IllegalArgumentException if there are fewer than two rows
   */
  public static GaussianStatistics of(Tensor features) {
    long[] shape = features.shape();
    if (shape.length != 2 || shape[0] < 2 || shape[1] < 1) {
      throw new IllegalArgumentException(
          "features are %s; allowed: [n, d] with n ≥ 2 and d ≥ 1".formatted(features));
    }
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor rows = features.to(DType.F64);
      Tensor mean = rows.mean(0);
      Tensor centered = rows.minus(mean);
      Tensor covariance = centered.permute(1, 0).matmul(centered).dividedBy(shape[0] - 1.0);
      return new GaussianStatistics(mean.toDoubles(), covariance.toDoubles());
    }
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
}
