package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * When training is over: at the first limit that is reached.
 *
 * @param maxSteps steps of the optimizer
 * @param maxMinutes minutes of training, over all resumptions
 */
public record BudgetConfig(Optional<Long> maxSteps, Optional<Double> maxMinutes) {
  /** Refuses limits not above 0, and no limit at all. */
  public BudgetConfig {
    Require.positive("training.budget.maxSteps", maxSteps);
    Require.positive("training.budget.maxMinutes", maxMinutes);
    Require.that(
        maxSteps.isPresent() || maxMinutes.isPresent(),
        "training.budget",
        "empty",
        "maxSteps, maxMinutes or both");
  }
}
