package io.github.diffusion4j.config;

/**
 * The learning rate over the run.
 *
 * @param peak the largest learning rate, per step
 * @param warmupSteps steps of linear growth from 0 to the peak
 * @param decay what follows until the end of the budget
 */
public record LearningRateConfig(double peak, int warmupSteps, Decay decay) {
  /** What the learning rate does after the warm-up. */
  public enum Decay {
    /** It stays. */
    CONSTANT,
    /** It falls to 0 along a line. */
    LINEAR,
    /** It falls to 0 along half a cosine. */
    COSINE
  }

  /** Refuses a peak not above 0 and a negative warm-up. */
  public LearningRateConfig {
    Require.positive("training.learningRate.peak", peak);
    Require.notNegative("training.learningRate.warmupSteps", warmupSteps);
  }
}
