package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;

/**
 * A Gaussian for each image of a batch, independent from pixel to pixel: what one step of a process
 * says about the next image.
 *
 * @param mean its center, [N, …]
 * @param logVariance ln σ², [N, …] or with extents of 1 where it is the same
 */
public record DiagonalGaussian(Tensor mean, Tensor logVariance) {

  /** Returns σ², with the shape of {@link #logVariance}. */
  public Tensor variance() {
    return logVariance.exp();
  }

  /**
   * Returns an image drawn from this Gaussian.
   *
   * @param epsilon standard normal noise of the shape of the mean
   */
  public Tensor draw(Tensor epsilon) {
    return mean.plus(logVariance.times(0.5).exp().times(epsilon));
  }

  /**
   * Returns the Kullback-Leibler divergence of {@code other} from this one, KL(this ‖ other).
   *
   * <pre>  ½ (ln σ₂² − ln σ₁² − 1 + σ₁² / σ₂² + (μ₁ − μ₂)² / σ₂²) </pre>
   *
   * @return nats for each pixel, [N, …]; 0 or more, up to rounding
   */
  public Tensor kl(DiagonalGaussian other) {
    Tensor logRatio = logVariance.minus(other.logVariance);
    Tensor spread = logRatio.exp().minus(1).minus(logRatio);
    Tensor offset = mean.minus(other.mean).square().times(other.logVariance.negated().exp());
    return offset.plus(spread).times(0.5);
  }
}
