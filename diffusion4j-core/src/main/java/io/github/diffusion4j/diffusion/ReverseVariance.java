package io.github.diffusion4j.diffusion;

/**
 * The variance σₜ² of one reverse step when the network predicts only its mean ([DDPM sec. 3.2]).
 */
public enum ReverseVariance {
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
}
