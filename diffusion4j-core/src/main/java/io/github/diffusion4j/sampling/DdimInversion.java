package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * Finds the noise that {@link DdimSampler} with η = 0 makes given images of: the same steps, taken
 * the other way ([DDIM]).
 *
 * <pre>  x at s = signalₛ x̂₀ + noiseₛ ε̂,  x̂₀ and ε̂ from x at s − 1 </pre>
 *
 * <p>An exact inverse would have to know ε̂ at the end of each step, where the sampler took it. It
 * is taken at the begin instead, so a round trip has an error, which falls as one over the steps.
 * The network is told the time that the step leads to, as in diffusers' {@code
 * DDIMInverseScheduler}: at level 0 there is no time to tell.
 */
public final class DdimInversion implements Inversion {
  private final NoiseGrid grid;

  /** The inversion of the sampler with the same {@code grid}. */
  public DdimInversion(NoiseGrid grid) {
    this.grid = grid;
  }

  @Override
  public Tensor encode(Denoiser denoiser, Tensor x0, SamplingListener listener) {
    WatchedDenoiser watched = new WatchedDenoiser(denoiser, listener, grid.steps());
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      Tensor x = x0;
      for (int s = 1; s <= grid.steps(); s++) {
        Tensor noisier;
        try (Scope scope = Scope.open()) {
          NoiseLevel now = grid.level(s - 1);
          NoiseLevel told = new NoiseLevel(grid.level(s).t(), now.signal(), now.noise());
          noisier = scope.keep(watched.estimate(x, told).at(grid.level(s)));
        }
        if (s > 1) { // the images are the caller's
          x.close();
        }
        x = noisier;
      }
      return chain.keep(x);
    }
  }
}
