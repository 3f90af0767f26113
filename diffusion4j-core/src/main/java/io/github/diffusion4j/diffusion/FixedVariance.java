package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * The variance σₜ² of one reverse step when the network predicts only its mean ([DDPM sec. 3.2]).
 */
public enum FixedVariance implements ReverseVariance {
  /** βₜ, right if the data were standard normal; also called fixed large. */
  BETA {
    @Override
    public double at(NoiseSchedule schedule, int t) {
      return schedule.beta(t);
    }
  },
  /** β̃ₜ, right if the data were a single image; also called fixed small. */
  BETA_TILDE {
    @Override
    public double at(NoiseSchedule schedule, int t) {
      return schedule.betaTilde(t);
    }
  };

  /** Returns σₜ²; t in 1…T. */
  public abstract double at(NoiseSchedule schedule, int t);

  /**
   * Returns ln σₜ², t in 1…T; at t = 1 it is ln β̃₂ for both.
   *
   * <p>The step to x₀ adds no noise when images are drawn; its variance matters to the decoder of
   * the bound alone, whose likelihood is better with β̃₂ than with the larger β₁ (so in Ho's code).
   */
  public double log(NoiseSchedule schedule, int t) {
    return t == 1 ? schedule.logBetaTildeClipped(t) : Math.log(at(schedule, t));
  }

  @Override
  public Tensor log(
      NoiseSchedule schedule, BatchLevels levels, Tensor xt, Optional<Tensor> output) {
    return levels.column(level -> log(schedule, (int) level.t()), xt);
  }
}
