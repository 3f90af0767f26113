package io.github.diffusion4j.sampling;

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
   * One step of a sampler.
   *
   * @param number 1 for the first step taken, up to {@code of}
   * @param of how many steps are taken in all
   * @param t the time that the step leaves
   * @param xt the noisy images at that time, [N, C, H, W]
   * @param estimate what the denoiser made of them
   */
  record Step(int number, int of, int t, Tensor xt, Estimate estimate) {}
}
