package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * The exponential moving average of the weights, which makes better images than the weights
 * themselves ([DDPM app. B]).
 *
 * <pre>  average ← decay · average + (1 − decay) · weights </pre>
 */
public final class Ema {
  /** How much of the average is kept at a step. */
  @FunctionalInterface
  public interface Decay {
    /** Returns the decay of update {@code number}, 1 for the first, in [0, 1). */
    double at(long number);

    /** The same at every step; the average begins as a copy of the first weights. */
    static Decay constant(double decay) {
      return number -> decay;
    }

    /**
     * Rises to {@code largest}, so that early weights are soon forgotten; diffusers' warm-up.
     *
     * <pre>  min(largest, 1 − (1 + k / inverseGamma)^−power),  k = number − 1 </pre>
     */
    static Decay rising(double largest, double inverseGamma, double power) {
      return number ->
          number <= 1
              ? 0
              : Math.min(largest, 1 - Math.pow(1 + (number - 1) / inverseGamma, -power));
    }
  }

  private final Tensor average;
  private final Tensor weights;
  private final Decay decay;

  /** Averages {@code weights} into {@code average}, two vectors of the same length. */
  public Ema(Tensor average, Tensor weights, Decay decay) {
    this.average = average;
    this.weights = weights;
    this.decay = decay;
  }

  /** Takes the present weights into the average; {@code number} is 1 for the first update. */
  public void update(long number) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      average.lerpInPlace(weights, 1 - decay.at(number));
    }
  }
}
