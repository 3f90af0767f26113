package io.github.diffusion4j.config;

/**
 * What is minimized: the weighted squared error of the prediction.
 *
 * @param weighting weight of the error at each time
 * @param timesteps how times are drawn
 */
public record LossConfig(Weighting weighting, TimestepSampling timesteps) {
  /** Weight of the squared error, which depends on the signal-to-noise ratio of a time. */
  public sealed interface Weighting {
    /** All times count the same. */
    record Uniform() implements Weighting {}

    /**
     * The error of x₀ is weighted with min(SNR, γ), converted to the network's prediction.
     *
     * @param gamma γ, often 5
     */
    record MinSnr(double gamma) implements Weighting {
      /** Refuses γ not above 0. */
      public MinSnr {
        Require.positive("training.loss.weighting.gamma", gamma);
      }
    }

    /**
     * The weights of EDM: those that make all noise levels equally hard, times a bell curve over
     * the logarithm of the noise level, so that the middle ones count most.
     *
     * @param mean center of the bell curve over ln σ, −1.2 in the paper
     * @param deviation its standard deviation, 1.2 in the paper
     */
    record Edm(double mean, double deviation) implements Weighting {
      /** Refuses deviations not above 0. */
      public Edm {
        Require.positive("training.loss.weighting.deviation", deviation);
      }
    }
  }

  /** How times are drawn. */
  public enum TimestepSampling {
    /** Each sample's time by itself. */
    UNIFORM,
    /** One from each of as many equal intervals as the batch has samples. */
    STRATIFIED,
    /**
     * Stratified, and more often where the weight is larger; the loss then carries no weight. The
     * same goal as weights, with less variance.
     */
    IMPORTANCE
  }
}
