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
   * <p>All samplers show x in one scale, that of the level, whatever variable they compute in:
   *
   * <pre>  x = signal · x₀ + noise · ε </pre>
   *
   * <p>Divide by the level's signal for x / signal, in which its noise is σ; samplers in σ of other
   * libraries show that.
   *
   * @param number 1 for the first evaluation of the denoiser, up to {@code of}
   * @param of how many there are in all; an estimate that may change where steps adapt themselves
   * @param level how much image and noise there is in xt
   * @param xt the noisy images, [N, …]
   * @param estimate what the denoiser made of them
   */
  record Step(int number, int of, NoiseLevel level, Tensor xt, Estimate estimate) {}
}
