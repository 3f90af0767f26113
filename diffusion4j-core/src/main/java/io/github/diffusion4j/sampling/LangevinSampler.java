package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * Annealed Langevin dynamics ([NCSN]): at each level some updates along the score, then the same
 * images are taken for images of the next level.
 *
 * <p>On the way down x / signal is kept. The last look, at the cleanest noisy level, is for the
 * estimate of the clean image, which the paper's Algorithm 1 leaves out.
 */
public final class LangevinSampler extends StagedChain {
  private final int updates;
  private final LangevinStep size;

  /**
   * The sampler that stays at each level for a number of updates.
   *
   * @param updates at each level, 1 or more; 100 in the paper
   */
  public LangevinSampler(NoiseGrid grid, int updates, LangevinStep size) {
    super(grid);
    if (updates < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "updates is %d; allowed: 1 or more", updates));
    }
    this.updates = updates;
    this.size = size;
  }

  @Override
  int looks(int s) {
    return keepsImages(s) ? updates : updates + 1;
  }

  /** Whether the images of level s can be taken for images of the next, or must be denoised. */
  private boolean keepsImages(int s) {
    return level(s - 1).noise() > 0 && level(s).signal() > 0;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    Tensor x = size.update(xt, now, updates, denoiser, noise, (s - 1) * updates);
    NoiseLevel next = level(s - 1);
    return keepsImages(s)
        ? x.times(next.signal() / now.signal())
        : denoiser.estimate(x, now).at(next);
  }
}
