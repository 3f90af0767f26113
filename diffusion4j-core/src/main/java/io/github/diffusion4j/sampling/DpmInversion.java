package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * Finds the noise that {@link DpmMultistepSampler} makes given images of: the same solver, up the
 * levels ([DPM-Solver++]).
 *
 * <p>λ is infinite at a clean image, so the solver takes the images as if they were at the cleanest
 * level of its grid. A round trip has an error of the solver's order.
 */
public final class DpmInversion implements Inversion {
  private final DpmMultistepSampler upward;

  /**
   * The inversion along a grid that leads up.
   *
   * @param grid of {@link NoiseGrid#upward}, without a clean level
   * @param options of a deterministic solver
   * @throws IllegalArgumentException if the grid leads down or the solver draws noise
   */
  public DpmInversion(NoiseGrid grid, DpmOptions options) {
    if (options.process() != ReverseDynamics.ODE) {
      throw new IllegalArgumentException("process is SDE; allowed for an inversion: ODE");
    }
    if (!(grid.level(0).sigma() >= grid.level(grid.steps()).sigma())
        || grid.level(grid.steps()).noise() == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the grid leads from %s to %s; allowed: from less noise, but some, to more",
              grid.level(grid.steps()),
              grid.level(0)));
    }
    this.upward = new DpmMultistepSampler(grid, options);
  }

  @Override
  public Tensor encode(Denoiser denoiser, Tensor x0, SamplingListener listener) {
    return upward.sample(denoiser, beginningWith(x0), listener, x0.shape());
  }

  private static NoiseSource beginningWith(Tensor x0) {
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return x0;
      }

      @Override
      public Tensor z(int draw, long... shape) {
        throw new AssertionError("a deterministic solver draws no noise");
      }
    };
  }
}
