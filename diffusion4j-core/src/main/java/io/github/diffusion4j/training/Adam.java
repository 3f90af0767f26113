package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
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

  /** Numbers that are worked on at a time: few enough for their vectors to stay in the cache. */
  private static final long SLICE = 1 << 17;

  /** A piece of each vector. */
  private record Slice(Tensor values, Tensor gradients, Tensor mean, Tensor meanSquare)
      implements AutoCloseable {
    @Override
    public void close() {
      values.close();
      gradients.close();
      mean.close();
      meanSquare.close();
    }
  }

  private final Tensor mean;
  private final Tensor meanSquare;
  private final List<Slice> slices = new ArrayList<>();
  private final Constants constants;

  /** An optimizer of {@code values} by {@code gradients}, two vectors of the same length. */
  public Adam(Tensor values, Tensor gradients, Constants constants) {
    this.mean = Tensor.zeros(values.numel()).outlivingScopes();
    this.meanSquare = Tensor.zeros(values.numel()).outlivingScopes();
    this.constants = constants;
    for (long start = 0; start < values.numel(); start += SLICE) {
      long length = Math.min(SLICE, values.numel() - start);
      slices.add(
          new Slice(
              piece(values, start, length),
              piece(gradients, start, length),
              piece(mean, start, length),
              piece(meanSquare, start, length)));
    }
  }

  private static Tensor piece(Tensor vector, long start, long length) {
    try (Scope scope = Scope.open()) {
      return vector.narrow(0, start, length).outlivingScopes();
    }
  }

  @Override
  public void step(long number, double learningRate) {
    try (NoGrad off = NoGrad.open()) {
      double meanBias = 1 - Math.pow(constants.beta1(), (double) number);
      double squareBias = 1 - Math.pow(constants.beta2(), (double) number);
      for (Slice slice : slices) {
        step(slice, learningRate, meanBias, squareBias);
      }
    }
  }

  private void step(Slice slice, double learningRate, double meanBias, double squareBias) {
    try (Scope scope = Scope.open()) {
      decay(slice, learningRate);
      slice.mean.lerpInPlace(slice.gradients, 1 - constants.beta1());
      slice
          .meanSquare
          .timesInPlace(constants.beta2())
          .addProductInPlace(slice.gradients, slice.gradients, 1 - constants.beta2());
      Tensor root =
          slice
              .meanSquare
              .sqrt()
              .timesInPlace(1 / Math.sqrt(squareBias))
              .plusInPlace(constants.stabilizer());
      slice.values.addQuotientInPlace(slice.mean, root, -learningRate / meanBias);
    }
  }

  private void decay(Slice slice, double learningRate) {
    if (constants.weightDecay() == 0) {
      return;
    }
    switch (constants.pull()) {
      case BY_GRADIENT -> slice.gradients.plusInPlace(slice.values, constants.weightDecay());
      case DECOUPLED -> slice.values.timesInPlace(1 - learningRate * constants.weightDecay());
    }
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("mean", mean, "mean_square", meanSquare);
  }

  @Override
  public void close() {
    slices.forEach(Slice::close);
    mean.close();
    meanSquare.close();
  }
}
