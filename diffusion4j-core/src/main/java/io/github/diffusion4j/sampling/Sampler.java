package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * Turns noise into images, or images with some noise into images without.
 *
 * <p>A sampler goes down the levels of its {@link #grid}. A run that begins at level s takes the
 * last s steps of the run from level S, with the same draws of noise; what a multistep method would
 * remember of the steps before is missing, so that it begins with its first steps again.
 */
public interface Sampler {
  /** Returns the levels that a run visits; level S is where it begins, level 0 where it ends. */
  NoiseGrid grid();

  /**
   * Takes the steps from level {@code s} down to level 0.
   *
   * @param s in 0…S; with 0 there is nothing to do, and {@code xs} is returned
   * @param xs images at level {@code s}, [N, …], as {@link NoiseGrid#noised} makes them; they stay
   *     the caller's
   * @param noise where fresh noise comes from; its x_T is not used
   * @return x at level 0, [N, …], in the caller's scope
   * @throws IllegalArgumentException if there is no such level
   */
  Tensor sampleFrom(
      int s, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener);

  /**
   * Draws images.
   *
   * <p>The result is in the scale that {@link SamplingListener.Step} describes, at the level where
   * sampling ends: x₀ itself, or if some noise is left there, signal · x₀ + noise · ε.
   *
   * @param shape [N, …]
   * @return x₀, in the caller's scope
   */
  default Tensor sample(
      Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor xT = grid().start(noise, shape);
      return scope.keep(sampleFrom(grid().steps(), xT, denoiser, noise, listener));
    }
  }
}
