package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * Predictor–corrector sampling ([ScoreSDE]): at each level Langevin updates, which draw the images
 * toward the right law, then a step of the reverse equation.
 *
 * <p>The corrector comes first, as in Song's code, so that the last thing is a step without noise.
 * The predictor is {@link ReverseSdeSampler} with randomness 1.
 */
public final class PredictorCorrectorSampler extends StagedChain {
  private final int corrections;
  private final LangevinStep size;

  /**
   * The sampler that corrects some times at each level.
   *
   * @param corrections Langevin updates at each level, 0 or more; 1 in the paper
   */
  public PredictorCorrectorSampler(NoiseGrid grid, int corrections, LangevinStep size) {
    super(grid);
    if (corrections < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "corrections is %d; allowed: 0 or more", corrections));
    }
    this.corrections = corrections;
    this.size = size;
  }

  @Override
  int looks(int s) {
    return corrections + 1;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    int draw = (s - 1) * (corrections + 1) + 1;
    Tensor x = size.update(xt, now, corrections, denoiser, noise, draw);
    return ReverseSdeSampler.step(
        denoiser.estimate(x, now), now, level(s - 1), 1, () -> noise.z(draw, xt.shape()));
  }
}
