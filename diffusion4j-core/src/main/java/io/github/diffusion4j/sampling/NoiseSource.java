package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** Where a sampler's randomness comes from: standard normal tensors, F32. */
public interface NoiseSource {
  /**
   * Returns x_T, the pure noise that sampling begins with; processes that do not preserve the
   * variance scale it.
   */
  Tensor xT(long... shape);

  /**
   * Returns z, fresh noise of a reverse step.
   *
   * @param draw a number of its own for each draw of a run, 1 or more; most samplers count steps
   */
  Tensor z(int draw, long... shape);
}
