package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * A noisy image taken apart: xₜ = signal · x̂₀ + noise · ε̂.
 *
 * @param x0Hat the estimate of the clean images, [N, …]
 * @param epsilonHat the estimate of the noise, same shape
 * @param variance what a network that learned the variance of reverse steps says about it, same
 *     shape; {@link io.github.diffusion4j.diffusion.LearnedVariance} tells what it means
 */
public record Estimate(Tensor x0Hat, Tensor epsilonHat, Optional<Tensor> variance) {

  /** An estimate of a denoiser that says nothing about variances. */
  public Estimate(Tensor x0Hat, Tensor epsilonHat) {
    this(x0Hat, epsilonHat, Optional.empty());
  }

  /**
   * Puts image and noise together again at another level: where the images would be there, if the
   * estimate were right.
   *
   * <pre>  x' = signal' · x̂₀ + noise' · ε̂ </pre>
   */
  public Tensor at(NoiseLevel level) {
    return x0Hat.times(level.signal()).plus(epsilonHat.times(level.noise()));
  }
}
