package io.github.diffusion4j.torch;

import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.IValue;

/**
 * libtorch's step of Adam, which reads and writes everything once.
 *
 * <p>There is one for each way that weights are pulled to 0.
 */
public enum FusedAdam {
  /** The pull is a term of the gradient. */
  BY_GRADIENT("aten::_fused_adam_"),
  /** The pull is a step of its own: AdamW. */
  DECOUPLED("aten::_fused_adamw_");

  @SuppressWarnings("ImmutableEnumChecker") // a handle of what libtorch never changes
  private final Operator operator;

  FusedAdam(String name) {
    this.operator = new Operator(name, "");
  }

  /**
   * The constants of a step.
   *
   * @param number 1 for the first step of a training, then 2, …
   * @param rate the learning rate
   * @param beta1 how much of the mean gradient is kept
   * @param beta2 how much of the mean squared gradient is kept
   * @param stabilizer the small number added to the root
   * @param weightDecay how strongly values are pulled to 0
   */
  public record Constants(
      long number,
      double rate,
      double beta1,
      double beta2,
      double stabilizer,
      double weightDecay) {}

  /**
   * Changes {@code values}, {@code means} and {@code meanSquares} by {@code gradients}, in place;
   * all four have the same shapes and may be empty.
   */
  public void step(
      List<Tensor> values,
      List<Tensor> gradients,
      List<Tensor> means,
      List<Tensor> meanSquares,
      Constants constants) {
    if (values.isEmpty()) {
      return;
    }
    try (Scope scope = Scope.open()) {
      Tensor number = Tensor.full((double) constants.number());
      operator.call(
          Operator.list(values),
          Operator.list(gradients),
          Operator.list(means),
          Operator.list(meanSquares),
          Operator.list(List.of()), // largest squares so far, of a variant
          Operator.list(Collections.nCopies(values.size(), number)),
          new IValue(constants.rate()),
          new IValue(constants.beta1()),
          new IValue(constants.beta2()),
          new IValue(constants.weightDecay()),
          new IValue(constants.stabilizer()),
          new IValue(false), // not that variant
          new IValue(false), // downhill
          new IValue(), // gradients are not scaled
          new IValue()); // and not searched for infinity
    }
  }
}
