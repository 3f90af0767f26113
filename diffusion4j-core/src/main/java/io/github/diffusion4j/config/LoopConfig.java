package io.github.diffusion4j.config;

import java.util.Optional;

/** What a training is, whatever is trained: how much data a step sees, and what it changes how. */
public interface LoopConfig {
  /** Returns the samples per step of the optimizer. */
  int batch();

  /** Returns the parts into which a batch is cut, to save memory. */
  int accumulation();

  /** Returns when training is over. */
  BudgetConfig budget();

  /** Returns how gradients become changes. */
  OptimizerConfig optimizer();

  /** Returns how large the changes are. */
  LearningRateConfig learningRate();

  /** Returns the moving average of the weights. */
  EmaConfig ema();

  /** Returns what happens when the training diverges; if empty, it ends. */
  Optional<DivergenceConfig> onDivergence();
}
