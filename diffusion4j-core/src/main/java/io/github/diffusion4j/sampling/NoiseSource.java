package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** Where a sampler's randomness comes from: standard normal tensors, F32. */
public interface NoiseSource {
  /** Returns x_T, the pure noise that sampling begins with. */
  Tensor xT(long... shape);

  /** Returns z, the fresh noise of the reverse step that leaves time {@code t}. */
  Tensor z(int t, long... shape);
}
