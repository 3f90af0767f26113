package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** Turns noise into images. */
public interface Sampler {
  /**
   * Draws images.
   *
   * @param shape [N, …]
   * @return x₀, in the caller's scope
   */
  Tensor sample(Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape);
}
