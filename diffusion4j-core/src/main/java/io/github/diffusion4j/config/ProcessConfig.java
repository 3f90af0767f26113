package io.github.diffusion4j.config;

/**
 * The diffusion process: how noise is added and what the network is asked.
 *
 * @param schedule how much noise at which step
 * @param prediction what the network estimates
 * @param variance the variance of the reverse steps
 * @param x0Range whether estimates of x₀ are held inside the range of the data
 */
public record ProcessConfig(
    ScheduleConfig schedule,
    PredictionTarget prediction,
    VarianceChoice variance,
    X0Range x0Range) {

  /** Refuses what EDM's networks do not predict, what only they do, and to clip them. */
  public ProcessConfig {
    boolean edm = schedule instanceof ScheduleConfig.Edm;
    Require.that(
        edm ? prediction.isOfEdm() || prediction == PredictionTarget.V : !prediction.isOfEdm(),
        "process.prediction",
        Word.of(prediction),
        edm ? "preconditioned, consistency or v for the schedule edm" : "epsilon, x0 or v");
    boolean velocity =
        schedule instanceof ScheduleConfig.LogSigmaTimes
            || schedule instanceof ScheduleConfig.SquaredSine;
    Require.that(
        !velocity || prediction == PredictionTarget.V,
        "process.prediction",
        Word.of(prediction),
        "v for the schedules log-sigma-times and squared-sine");
    Require.that(
        !edm || x0Range == X0Range.UNBOUNDED,
        "process.x0Range",
        Word.of(x0Range),
        "unbounded for the schedule edm");
  }

  /** What the network estimates. */
  public enum PredictionTarget {
    /** The noise ε. */
    EPSILON,
    /** The clean image x₀. */
    X0,
    /** v = √ᾱ ε − √(1−ᾱ) x₀; for the schedule edm as if its data had been scaled to variance 1. */
    V,
    /** EDM's F, the negative of that v; for the schedule edm only. */
    PRECONDITIONED,
    /**
     * The F of consistency models, for the schedule edm only; such networks are not trained here.
     */
    CONSISTENCY;

    private boolean isOfEdm() {
      return this == PRECONDITIONED || this == CONSISTENCY;
    }
  }

  /** The variance of the reverse steps. */
  public enum VarianceChoice {
    /** βₜ, "fixed large". */
    BETA,
    /** β̃ₜ, the variance of the true posterior, "fixed small". */
    BETA_TILDE,
    /** The network says its logarithm, in a second half of its output channels. */
    LEARNED,
    /** The network says where between β̃ₜ and βₜ it lies, in a second half of its channels. */
    LEARNED_RANGE;

    /** Returns whether the network says it. */
    public boolean isLearned() {
      return this == LEARNED || this == LEARNED_RANGE;
    }
  }

  /** Whether estimates of x₀ are held inside the range of the data. */
  public enum X0Range {
    /** Estimates are used as they are. */
    UNBOUNDED,
    /** Estimates are clipped to −1…1. */
    CLIP_TO_DATA
  }
}
