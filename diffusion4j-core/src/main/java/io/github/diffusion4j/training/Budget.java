package io.github.diffusion4j.training;

import io.github.diffusion4j.config.BudgetConfig;

/** How long a training lasts: a number of steps, a time, or whichever is over first. */
record Budget(BudgetConfig limits) {

  /** Returns the part that is done after {@code steps} steps and {@code seconds}, in [0, 1]. */
  double progress(long steps, double seconds) {
    double bySteps = limits.maxSteps().map(max -> (double) steps / max).orElse(0.0);
    double byTime = limits.maxMinutes().map(max -> seconds / (60 * max)).orElse(0.0);
    return Math.min(1, Math.max(bySteps, byTime));
  }
}
