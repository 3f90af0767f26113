package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.stream.IntStream;

/**
 * The loop of samplers whose steps look more than once, or not at a level of the grid; otherwise
 * like {@link ReverseChain}. What is remembered of a step is its first look.
 */
abstract class StagedChain implements Sampler {
  private final NoiseGrid grid;
  private final int memory;

  /** A chain whose steps know only what they see themselves. */
  StagedChain(NoiseGrid grid) {
    this(grid, 0);
  }

  /** A chain whose steps also know the first looks of up to {@code memory} steps before. */
  StagedChain(NoiseGrid grid, int memory) {
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

  /** Returns how often step {@code s} looks, in a run from level S. */
  abstract int looks(int s);

  /** The same in a run from level {@code begin}; methods whose first steps differ override it. */
  int looks(int s, int begin) {
    return looks(s);
  }

  /**
   * Returns x at level s − 1.
   *
   * @param xt x at level s
   */
  abstract Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise);

  @Override
  public final Tensor sampleFrom(
      int begin, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener) {
    grid.requireLevel(begin);
    int all = IntStream.rangeClosed(1, begin).map(s -> looks(s, begin)).sum();
    WatchedDenoiser watched = new WatchedDenoiser(denoiser, listener, all);
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      Tensor xt = xs;
      Looks past = Looks.none();
      for (int s = begin; s >= 1; s--) {
        Tensor xPrev;
        try (Scope scope = Scope.open()) {
          watched.begin(past);
          xPrev = scope.keep(step(s, xt, watched, noise));
          if (memory > 0) {
            past = watched.looks().remember(memory, scope);
          }
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
