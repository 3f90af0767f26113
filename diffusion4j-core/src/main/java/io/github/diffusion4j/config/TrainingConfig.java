package io.github.diffusion4j.config;

import java.util.Optional;

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
 * @param evaluation how the model is measured on the way, if it is
 * @param onDivergence what happens when the training diverges; if empty, it ends
 */
public record TrainingConfig(
    int batch,
    int accumulation,
    BudgetConfig budget,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    EmaConfig ema,
    LossConfig loss,
    Optional<EvaluationConfig> evaluation,
    Optional<DivergenceConfig> onDivergence)
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

  /** A training that is not measured on the way, and ends when it diverges. */
  public TrainingConfig(
      int batch,
      int accumulation,
      BudgetConfig budget,
      OptimizerConfig optimizer,
      LearningRateConfig learningRate,
      EmaConfig ema,
      LossConfig loss) {
    this(
        batch,
        accumulation,
        budget,
        optimizer,
        learningRate,
        ema,
        loss,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the training that goes on after a divergence, if one does. */
  Optional<TrainingConfig> afterDivergence() {
    return DivergenceConfig.next(onDivergence)
        .map(
            next ->
                new TrainingConfig(
                    batch,
                    accumulation,
                    budget,
                    optimizer,
                    next.lowered(learningRate),
                    ema,
                    loss,
                    evaluation,
                    Optional.of(next)));
  }
}
