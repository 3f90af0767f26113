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

  final NoiseGrid grid() {
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

  /** Returns how often step {@code s} looks. */
  abstract int looks(int s);

  /**
   * Returns x at level s − 1.
   *
   * @param xt x at level s
   */
  abstract Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise);

  @Override
  public final Tensor sample(
      Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape) {
    int all = IntStream.rangeClosed(1, steps()).map(this::looks).sum();
    WatchedDenoiser watched = new WatchedDenoiser(denoiser, listener, all);
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      Tensor xt = grid.start(noise, shape);
      Looks past = Looks.none();
      for (int s = steps(); s >= 1; s--) {
        Tensor xPrev;
        try (Scope scope = Scope.open()) {
          watched.begin(past);
          xPrev = scope.keep(step(s, xt, watched, noise));
          if (memory > 0) {
            past = watched.looks().remember(memory, scope);
          }
        }
        if (s < steps()) { // x_T may be a tensor that the noise source goes on using
          xt.close();
        }
        xt = xPrev;
      }
      return chain.keep(xt);
    }
  }
}
