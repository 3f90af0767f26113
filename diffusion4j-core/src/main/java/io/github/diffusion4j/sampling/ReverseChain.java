package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/** The loop that samplers of one evaluation per step share; a kind of sampler is a kind of step. */
abstract class ReverseChain implements Sampler {
  private final NoiseGrid grid;
  private final int memory;

  /** A chain whose steps see only the present look. */
  ReverseChain(NoiseGrid grid) {
    this(grid, 0);
  }

  /** A chain whose steps see the present look and up to {@code memory} before it. */
  ReverseChain(NoiseGrid grid, int memory) {
    this.grid = grid;
    this.memory = memory;
  }

  @Override
  public final NoiseGrid grid() {
    return grid;
  }

  /** Returns level {@code s} of the grid; step s leads from level s to level s − 1. */
  final NoiseLevel level(int s) {
    return grid.level(s);
  }

  /** Returns S, the number of steps. */
  final int steps() {
    return grid.steps();
  }

  /**
   * Returns what x at level s is held to be now that the denoiser has looked at it; a corrector
   * knows better than {@code xt} itself.
   */
  Tensor revised(int s, Tensor xt, Estimate estimate, Looks before) {
    return xt;
  }

  /** Returns x at level s − 1, given what was seen at level s and before. */
  abstract Tensor step(int s, Looks looks, NoiseSource noise);

  @Override
  public final Tensor sampleFrom(
      int begin, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener) {
    grid.requireLevel(begin);
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      Tensor xt = xs;
      Looks looks = Looks.none();
      for (int s = begin; s >= 1; s--) {
        Tensor xPrev;
        try (Scope scope = Scope.open()) {
          Estimate estimate = denoiser.estimate(xt, level(s));
          listener.onStep(new SamplingListener.Step(begin - s + 1, begin, level(s), xt, estimate));
          looks = looks.plus(level(s), revised(s, xt, estimate, looks), estimate);
          xPrev = scope.keep(step(s, looks, noise));
          looks = looks.remember(memory, scope);
        }
        if (s < begin) { // the first images are the caller's
          xt.close();
        }
        xt = xPrev;
      }
      return begin == 0 ? xt : chain.keep(xt);
    }
  }
}
