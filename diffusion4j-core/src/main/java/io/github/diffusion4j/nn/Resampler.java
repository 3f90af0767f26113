package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Tensor;

/** What changes the resolution between two levels. */
interface Resampler {
  /** Returns [N, C, H / 2, W / 2] or [N, C, 2 · H, 2 · W] for [N, C, H, W]. */
  Tensor forward(Tensor x, Tensor time, Dropout dropout);
}
