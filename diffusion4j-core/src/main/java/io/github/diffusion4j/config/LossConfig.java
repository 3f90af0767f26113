package io.github.diffusion4j.config;

/** What is minimized. */
public sealed interface LossConfig {
  /** Returns how times are drawn. */
  TimestepSampling timesteps();

  /**
   * The weighted squared error of the prediction.
   *
   * @param weighting weight of the error at each time
   * @param timesteps how times are drawn
   */
  record Simple(Weighting weighting, TimestepSampling timesteps) implements LossConfig {}

  /**
   * The squared error, and with a small factor the variational bound, which teaches the network the
   * variance of the reverse steps and leaves its prediction alone.
   *
   * @param weighting weight of the squared error at each time
   * @param timesteps how times are drawn; not by importance, which would weight the bound too
   * @param lambda factor of the bound in bits per dimension, 0.001 in the paper
   */
  record Hybrid(Weighting weighting, TimestepSampling timesteps, double lambda)
      implements LossConfig {
    /** Refuses factors not above 0 and times drawn by importance. */
    public Hybrid {
      requireUnweighted(timesteps);
      Require.positive("training.loss.lambda", lambda);
    }
  }

  /**
   * The variational bound alone, in bits per dimension.
   *
   * @param timesteps how times are drawn; not by importance, as there are no weights
   * @param scale what one drawn term stands for
   */
  record Vlb(TimestepSampling timesteps, Scale scale) implements LossConfig {
    /** Refuses times drawn by importance. */
    public Vlb {
      requireUnweighted(timesteps);
    }
  }

  /** What one drawn term of the bound stands for. */
  enum Scale {
    /** Itself: the loss is the mean of the terms. */
    TERM,
    /** All T of them: the loss estimates the bound. */
    BOUND
  }

  private static void requireUnweighted(TimestepSampling timesteps) {
    Require.that(
        !(timesteps instanceof TimestepSampling.Importance),
        "training.loss.timesteps.kind",
        "importance",
        "uniform, stratified, loss-second-moment, log-normal, unless the loss is simple");
  }

  /** Weight of the squared error, which depends on the signal-to-noise ratio of a time. */
  sealed interface Weighting {
    /** All times count the same. */
    record Uniform() implements Weighting {}

    /** The error of x₀ is weighted with the SNR, converted to the network's prediction. */
    record Snr() implements Weighting {}

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
     * The error of the noise is weighted with (k + SNR)^−γ, converted to the network's prediction,
     * so that times with little noise count less.
     *
     * @param k 1 in the paper
     * @param gamma γ, 0.5 or 1 in the paper
     */
    record P2(double k, double gamma) implements Weighting {
      /** Refuses k not above 0 and negative γ. */
      public P2 {
        Require.positive("training.loss.weighting.k", k);
        Require.notNegative("training.loss.weighting.gamma", gamma);
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

    /** EDM's weights without the bell curve, for times that are drawn log-normally. */
    record Preconditioned() implements Weighting {}
  }

  /** How times are drawn. */
  sealed interface TimestepSampling {
    /** Each sample's time by itself. */
    record Uniform() implements TimestepSampling {}

    /** One from each of as many equal intervals as the batch has samples. */
    record Stratified() implements TimestepSampling {}

    /**
     * Stratified, and more often where the weight is larger; the loss then carries no weight. The
     * same goal as weights, with less variance.
     */
    record Importance() implements TimestepSampling {}

    /**
     * More often where the loss was large lately, and with a weight that makes up for it.
     *
     * @param history losses that are remembered for each time, 10 in the paper
     * @param uniform share of times that are drawn uniformly, 0.001 in the paper's code
     */
    record LossSecondMoment(int history, double uniform) implements TimestepSampling {
      /** Refuses empty histories and shares outside (0, 1]. */
      public LossSecondMoment {
        Require.positive("training.loss.timesteps.history", history);
        Require.that(
            uniform > 0 && uniform <= 1,
            "training.loss.timesteps.uniform",
            uniform,
            "0 < uniform ≤ 1");
      }
    }

    /**
     * The time whose ln σ is nearest to a number drawn from a normal distribution.
     *
     * @param mean mean of ln σ, −1.2 in the paper
     * @param deviation its standard deviation, 1.2 in the paper
     */
    record LogNormal(double mean, double deviation) implements TimestepSampling {
      /** Refuses deviations not above 0. */
      public LogNormal {
        Require.positive("training.loss.timesteps.deviation", deviation);
      }
    }
  }
}
