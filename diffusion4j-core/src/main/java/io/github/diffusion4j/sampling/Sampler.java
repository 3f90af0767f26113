package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** Turns noise into images. */
public interface Sampler {
  /**
   * Draws images.
   *
   * <p>The result is in the scale that {@link SamplingListener.Step} describes, at the level where
   * sampling ends: x₀ itself, or if some noise is left there, signal · x₀ + noise · ε.
   *
   * @param shape [N, …]
   * @return x₀, in the caller's scope
   */
  Tensor sample(Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape);
}
