package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * How gradients become changes of the weights.
 *
 * @param kind which optimizer
 * @param beta1 decay of the running mean of the gradients
 * @param beta2 decay of the running mean of their squares
 * @param stabilizer the small number in the denominator
 * @param weightDecay how strongly weights are pulled to 0
 * @param matrixRate learning rate of Muon's matrices, as a multiple of {@code learningRate.peak}
 * @param gradientClip longest allowed norm of all gradients together; empty means no limit
 */
public record OptimizerConfig(
    Kind kind,
    double beta1,
    double beta2,
    double stabilizer,
    double weightDecay,
    double matrixRate,
    Optional<Double> gradientClip) {

  /** Which optimizer. */
  public enum Kind {
    /** Adam; weight decay is added to the gradient. */
    ADAM,
    /** Adam with decoupled weight decay. */
    ADAMW,
    /** Orthogonalized momentum for the matrices, AdamW for the rest. */
    MUON
  }

  /** Refuses values with which no optimizer converges. */
  public OptimizerConfig {
    Require.probability("training.optimizer.beta1", beta1);
    Require.probability("training.optimizer.beta2", beta2);
    Require.positive("training.optimizer.stabilizer", stabilizer);
    Require.notNegative("training.optimizer.weightDecay", weightDecay);
    Require.positive("training.optimizer.matrixRate", matrixRate);
    Require.positive("training.optimizer.gradientClip", gradientClip);
  }
}
