package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Map;

/**
 * Adam (Kingma, Ba 2014) and, with a weight decay, AdamW (Loshchilov, Hutter 2017).
 *
 * <pre>
 *  θ ← θ − lr · decay · θ
 *  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *  θ ← θ − lr · (m / (1 − β₁ᵏ)) / (√(v / (1 − β₂ᵏ)) + stabilizer) </pre>
 *
 * @see Muon
 */
public final class Adam implements Optimizer {
  /**
   * The constants of the method.
   *
   * @param beta1 how much of the mean gradient is kept at each step
   * @param beta2 how much of the mean squared gradient is kept
   * @param stabilizer the small number added to the root
   * @param weightDecay how strongly weights are pulled to 0; 0 is plain Adam
   * @param pull how they are pulled
   */
  public record Constants(
      double beta1, double beta2, double stabilizer, double weightDecay, Pull pull) {}

  /** How weights are pulled to 0. */
  public enum Pull {
    /** As a term of the gradient: Adam's way. */
    BY_GRADIENT,
    /** By themselves, as in the formula above: AdamW. */
    DECOUPLED
  }

  private final Tensor values;
  private final Tensor gradients;
  private final Tensor mean;
  private final Tensor meanSquare;
  private final Constants constants;

  /** An optimizer of {@code values} by {@code gradients}, two vectors of the same length. */
  public Adam(Tensor values, Tensor gradients, Constants constants) {
    this.values = values;
    this.gradients = gradients;
    this.mean = Tensor.zeros(values.numel()).outlivingScopes();
    this.meanSquare = Tensor.zeros(values.numel()).outlivingScopes();
    this.constants = constants;
  }

  @Override
  public void step(long number, double learningRate) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      switch (constants.pull()) {
        case BY_GRADIENT -> gradients.plusInPlace(values, constants.weightDecay());
        case DECOUPLED -> values.timesInPlace(1 - learningRate * constants.weightDecay());
      }
      mean.lerpInPlace(gradients, 1 - constants.beta1());
      meanSquare
          .timesInPlace(constants.beta2())
          .addProductInPlace(gradients, gradients, 1 - constants.beta2());
      double meanBias = 1 - Math.pow(constants.beta1(), (double) number);
      double squareBias = 1 - Math.pow(constants.beta2(), (double) number);
      Tensor root =
          meanSquare
              .sqrt()
              .timesInPlace(1 / Math.sqrt(squareBias))
              .plusInPlace(constants.stabilizer());
      values.addQuotientInPlace(mean, root, -learningRate / meanBias);
    }
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("mean", mean, "mean_square", meanSquare);
  }

  @Override
  public void close() {
    mean.close();
    meanSquare.close();
  }
}
