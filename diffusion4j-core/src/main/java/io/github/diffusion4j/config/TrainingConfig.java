package io.github.diffusion4j.config;

/**
 * How the network is trained.
 *
 * @param batch images per step of the optimizer
 * @param accumulation parts into which a batch is cut, to save memory; must divide it
 * @param budget when training is over
 * @param optimizer how gradients become changes
 * @param learningRate how large the changes are
 * @param ema the moving average of the weights
 * @param loss what is minimized
 */
public record TrainingConfig(
    int batch,
    int accumulation,
    BudgetConfig budget,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    EmaConfig ema,
    LossConfig loss)
    implements LoopConfig {

  /** Refuses batches below 1 and parts that do not divide them. */
  public TrainingConfig {
    Require.positive("training.batch", batch);
    Require.that(
        accumulation > 0 && batch % accumulation == 0,
        "training.accumulation",
        accumulation,
        "a divisor of training.batch = " + batch);
  }
}
