package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** Finds the noise that a deterministic sampler makes given images of. */
public interface Inversion {
  /**
   * Returns the noise, x at the noisiest level, in the caller's scope.
   *
   * @param x0 clean images, [N, …]
   * @param listener sees each evaluation, from the cleanest level to the noisiest
   */
  Tensor encode(Denoiser denoiser, Tensor x0, SamplingListener listener);
}
