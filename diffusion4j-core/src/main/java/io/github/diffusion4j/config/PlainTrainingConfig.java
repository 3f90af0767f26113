package io.github.diffusion4j.config;

/**
 * How a model with one loss of its own is trained.
 *
 * @param batch images per step of the optimizer
 * @param budget when training is over
 * @param optimizer how gradients become changes
 * @param learningRate how large the changes are
 * @param ema the moving average of the weights
 */
public record PlainTrainingConfig(
    int batch,
    BudgetConfig budget,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    EmaConfig ema)
    implements LoopConfig {

  /** Refuses batches below 1. */
  public PlainTrainingConfig {
    Require.positive("training.batch", batch);
  }

  @Override
  public int accumulation() {
    return 1;
  }
}
