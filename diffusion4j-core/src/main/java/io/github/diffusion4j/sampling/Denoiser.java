package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/** What a sampler needs to know about the data: how a noisy image splits into image and noise. */
@FunctionalInterface
public interface Denoiser {
  /**
   * Estimates the clean image and the noise that make up {@code xt}.
   *
   * @param xt noisy images, [N, …]
   * @param level how much image and noise there is in all of them
   * @return estimates of the same shape, owned by the caller's scope
   */
  Estimate estimate(Tensor xt, NoiseLevel level);
}
