package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/** Turns time into a vector: sines and cosines of it, then two linear layers. */
public final class TimeEmbedding extends Layer {
  private static final double LONGEST_PERIOD = 10_000;

  private final TimeEmbeddingConfig config;
  private final int sinusoids;
  private final Tensor frequencies;
  private final Linear first;
  private final Linear second;

  /**
   * Makes an embedding.
   *
   * @param sinusoids how many sines and cosines, together
   * @param width length of the resulting vector
   */
  public TimeEmbedding(int sinusoids, int width, TimeEmbeddingConfig config, Start start) {
    this.config = config;
    this.sinusoids = sinusoids;
    try (Scope scope = Scope.open()) {
      frequencies = constant(frequencies(sinusoids / 2, config.frequencyShift()));
    }
    first = child("linear_1", new Linear(sinusoids, width, start));
    second = child("linear_2", new Linear(width, width, start));
  }

  /**
   * Returns the embedding of {@code time}.
   *
   * @param time F32 or I64 [N]
   * @return F32 [N, width]
   */
  public Tensor forward(Tensor time) {
    return second.forward(Functions.silu(first.forward(sinusoids(time))));
  }

  /** Returns the sines and cosines of {@code time}, F32 [N, sinusoids]. */
  Tensor sinusoids(Tensor time) {
    Tensor angles = time.to(DType.F32).reshape(-1, 1).times(frequencies);
    Tensor sines = Functions.sin(angles);
    Tensor cosines = Functions.cos(angles);
    List<Tensor> halves =
        switch (config.order()) {
          case SIN_COS -> List.of(sines, cosines);
          case COS_SIN -> List.of(cosines, sines);
        };
    Tensor both = Tensor.cat(halves, 1);
    return sinusoids % 2 == 0 ? both : Functions.padZeros(both, 0, 1, 0, 0);
  }

  /** Returns 10000^(−i / (count − shift)) for i = 0 … count − 1. */
  public static Tensor frequencies(int count, int shift) {
    double steps = Math.max(1, count - shift);
    try (Scope scope = Scope.open()) {
      Tensor exponents = Tensor.arange(count).to(DType.F32).times(-Math.log(LONGEST_PERIOD));
      return scope.keep(exponents.dividedBy(steps).exp());
    }
  }
}
