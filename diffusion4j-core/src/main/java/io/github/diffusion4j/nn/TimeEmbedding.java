package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/** Turns time into a vector: features of it, such as sines and cosines, then two linear layers. */
public final class TimeEmbedding extends Layer {
  private static final double LONGEST_PERIOD = 10_000;

  private final TimeProjection features;
  private final Linear first;
  private final Linear second;

  /**
   * Makes an embedding that owns its features.
   *
   * @param sinusoids how many sines and cosines, together
   * @param width length of the resulting vector
   */
  public TimeEmbedding(int sinusoids, int width, TimeEmbeddingConfig config, Start start) {
    this(TimeProjection.of(sinusoids, config), width, start);
    child("time_proj", features);
  }

  /** Makes an embedding of features that another layer owns. */
  TimeEmbedding(TimeProjection features, int width, Start start) {
    this.features = features;
    first = child("linear_1", new Linear(features.width(), width, start));
    second = child("linear_2", new Linear(width, width, start));
  }

  /**
   * Returns the embedding of {@code time}.
   *
   * @param time F32 or I64 [N]
   * @return F32 [N, width]
   */
  public Tensor forward(Tensor time) {
    return second.forward(Functions.silu(first.forward(features(time))));
  }

  /** Returns what the linear layers are given, F32 [N, features]. */
  Tensor features(Tensor time) {
    return features.forward(time);
  }

  /** Returns the positional frequencies 10000^(−i / (count − shift)) for i = 0 … count − 1. */
  public static Tensor frequencies(int count, double shift) {
    double steps = count == shift ? 1 : count - shift; // one frequency needs no spacing
    try (Scope scope = Scope.open()) {
      Tensor exponents = Tensor.arange(count).to(DType.F32).times(-Math.log(LONGEST_PERIOD));
      return scope.keep(exponents.dividedBy(steps).exp());
    }
  }
}
