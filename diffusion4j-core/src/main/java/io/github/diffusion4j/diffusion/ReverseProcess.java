package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * The reverse process p_θ, which turns noise into an image in T steps; a Gaussian each, with the
 * posterior's mean for the estimate x̂₀ and a variance of one's choice.
 *
 * <p>Samplers draw from it and the bound measures it.
 */
public final class ReverseProcess {
  private final NoiseSchedule schedule;
  private final Posterior posterior;
  private final ReverseVariance variance;

  /** The process that takes all steps of {@code schedule}. */
  public ReverseProcess(NoiseSchedule schedule, ReverseVariance variance) {
    this.schedule = schedule;
    this.posterior = new Posterior(schedule);
    this.variance = variance;
  }

  /**
   * Returns p_θ(x₍t−1₎ | xₜ), mean and variance of one step.
   *
   * @param xt noisy images, [N, …]
   * @param x0Hat the estimate of x₀, clipped or not
   * @param varianceOutput what the network says about the variance, if that is learned
   * @param t one time for each image, in 1…T
   */
  public DiagonalGaussian step(Tensor xt, Tensor x0Hat, Optional<Tensor> varianceOutput, int... t) {
    return new DiagonalGaussian(
        posterior.mean(x0Hat, xt, t),
        variance.log(schedule, BatchLevels.at(schedule, t), xt, varianceOutput));
  }
}
