package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/** Sees every step of a sampler, for progress bars and pictures of the process. */
@FunctionalInterface
public interface SamplingListener {
  /** Sees nothing. */
  SamplingListener NONE = step -> {};

  /**
   * Called after the network has looked at {@code xt} and before the step is taken; the tensors
   * live only until the call returns.
   */
  void onStep(Step step);

  /**
   * One look of a sampler at its images.
   *
   * @param number 1 for the first evaluation of the denoiser, up to {@code of}
   * @param of how many there are in all; an estimate that may change where steps adapt themselves
   * @param level how much image and noise there is in xt
   * @param xt the noisy images, [N, …]
   * @param estimate what the denoiser made of them
   */
  record Step(int number, int of, NoiseLevel level, Tensor xt, Estimate estimate) {}
}
