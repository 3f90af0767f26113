package io.github.diffusion4j.config;

import java.util.Optional;

/** What a training does when it diverges: its loss is no longer a number, or explodes. */
public sealed interface DivergenceConfig {
  /** Returns what is left to do after one more divergence, or nothing if the training ends. */
  static Optional<LowerRate> next(Optional<DivergenceConfig> config) {
    return config
        .filter(LowerRate.class::isInstance)
        .map(LowerRate.class::cast)
        .flatMap(LowerRate::onceMore);
  }

  /** It ends, and its last good checkpoint stays. */
  record Stop() implements DivergenceConfig {}

  /**
   * It goes back to its last good checkpoint and on from there with a lower learning rate.
   *
   * @param factor what {@code learningRate.peak} is multiplied by, 0 &lt; factor &lt; 1; if empty,
   *     0.5
   * @param maxTimes how often it does so before it ends; if empty, 5
   */
  record LowerRate(Optional<Double> factor, Optional<Integer> maxTimes)
      implements DivergenceConfig {
    private static final double HALF = 0.5;
    private static final int TIMES = 5;

    /** Fills in what is empty; refuses factors that do not lower the rate. */
    public LowerRate {
      factor = Optional.of(factor.orElse(HALF));
      maxTimes = Optional.of(maxTimes.orElse(TIMES));
      Require.that(
          factor.get() > 0 && factor.get() < 1,
          "training.onDivergence.factor",
          factor.get(),
          "0 < factor < 1");
      Require.notNegative("training.onDivergence.maxTimes", maxTimes.get());
    }

    /** Returns the same with one time less, or nothing if none is left. */
    Optional<LowerRate> onceMore() {
      return maxTimes
          .filter(left -> left > 0)
          .map(left -> new LowerRate(factor, Optional.of(left - 1)));
    }

    LearningRateConfig lowered(LearningRateConfig rate) {
      return new LearningRateConfig(
          rate.peak() * factor.orElse(HALF), rate.warmupSteps(), rate.decay());
    }
  }
}
