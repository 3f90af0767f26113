package io.github.diffusion4j.training;

/** Hears of every training step; the time it takes does not count as training. */
@FunctionalInterface
public interface TrainingListener {
  /** Called after each step, on the thread that trains. */
  void onStep(StepReport report);

  /** Called when the training has diverged and goes back, to go on with a lower rate. */
  default void onDivergence(LoggedDivergence divergence) {}
}
