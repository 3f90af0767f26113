package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * How a model with one loss of its own is trained.
 *
 * @param batch images per step of the optimizer
 * @param budget when training is over
 * @param optimizer how gradients become changes
 * @param learningRate how large the changes are
 * @param ema the moving average of the weights
 * @param onDivergence what happens when the training diverges; if empty, it ends
 */
public record PlainTrainingConfig(
    int batch,
    BudgetConfig budget,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    EmaConfig ema,
    Optional<DivergenceConfig> onDivergence)
    implements LoopConfig {

  /** Refuses batches below 1. */
  public PlainTrainingConfig {
    Require.positive("training.batch", batch);
  }

  @Override
  public int accumulation() {
    return 1;
  }

  /** Returns the training that goes on after a divergence, if one does. */
  Optional<PlainTrainingConfig> afterDivergence() {
    return DivergenceConfig.next(onDivergence)
        .map(
            next ->
                new PlainTrainingConfig(
                    batch, budget, optimizer, next.lowered(learningRate), ema, Optional.of(next)));
  }
}
