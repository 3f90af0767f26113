package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.FusedAdam;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
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

  private final List<Tensor> parameters;
  private final StateVector mean;
  private final StateVector meanSquare;
  private final Constants constants;

  /** An optimizer of {@code parameters} by their gradients. */
  public Adam(List<Tensor> parameters, Constants constants) {
    this.parameters = List.copyOf(parameters);
    this.mean = StateVector.zerosLike(parameters);
    this.meanSquare = StateVector.zerosLike(parameters);
    this.constants = constants;
  }

  @Override
  public void step(long number, double learningRate) {
    FusedAdam rule =
        switch (constants.pull()) {
          case BY_GRADIENT -> FusedAdam.BY_GRADIENT;
          case DECOUPLED -> FusedAdam.DECOUPLED;
        };
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      List<Tensor> gradients = parameters.stream().map(Tensor::gradient).toList();
      rule.step(
          parameters,
          gradients,
          mean.pieces(),
          meanSquare.pieces(),
          new FusedAdam.Constants(
              number,
              learningRate,
              constants.beta1(),
              constants.beta2(),
              constants.stabilizer(),
              constants.weightDecay()));
    }
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("mean", mean.whole(), "mean_square", meanSquare.whole());
  }

  @Override
  public void close() {
    mean.close();
    meanSquare.close();
  }
}
