package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/** The features of time that the linear layers of a time embedding are given. */
abstract class TimeProjection extends Layer {
  private static final double FOURIER_SCALE = 16;

  /** Returns F32 [N, {@link #width}] for F32 or I64 [N]. */
  abstract Tensor forward(Tensor time);

  /** Returns the number of features. */
  abstract int width();

  /** Returns the features that {@code config} names, {@code count} of them where it is free. */
  static TimeProjection of(int count, TimeEmbeddingConfig config) {
    TimeFeatures kind = config.kind();
    if (kind instanceof TimeFeatures.Fourier) {
      return new Fourier(count);
    } else if (kind instanceof TimeFeatures.Learned learned) {
      return new Learned(learned.steps(), count);
    }
    if (kind instanceof TimeFeatures.Scaled scaled) {
      return new Positional(scaled.count().orElse(count), config, scaled.factor());
    }
    return new Positional(count, config, 1);
  }

  /** Sines and cosines of geometrically spaced frequencies. */
  private static final class Positional extends TimeProjection {
    private final TimeEmbeddingConfig config;
    private final int count;
    private final double factor;
    private final Tensor frequencies;

    Positional(int count, TimeEmbeddingConfig config, double factor) {
      this.config = config;
      this.count = count;
      this.factor = factor;
      try (Scope scope = Scope.open()) {
        frequencies = constant(TimeEmbedding.frequencies(count / 2, config.frequencyShift()));
      }
    }

    @Override
    int width() {
      return count;
    }

    @Override
    Tensor forward(Tensor time) {
      Tensor scaled = time.to(DType.F32).reshape(-1, 1);
      scaled = factor == 1 ? scaled : scaled.times(factor);
      Tensor angles = scaled.times(frequencies);
      Tensor sines = Functions.sin(angles);
      Tensor cosines = Functions.cos(angles);
      List<Tensor> halves =
          switch (config.order()) {
            case SIN_COS -> List.of(sines, cosines);
            case COS_SIN -> List.of(cosines, sines);
          };
      Tensor both = Tensor.cat(halves, 1);
      return count % 2 == 0 ? both : Functions.padZeros(both, 0, 1, 0, 0);
    }
  }

  /** Sines and cosines of random multiples of ln(time). */
  private static final class Fourier extends TimeProjection {
    private final Tensor frequencies;

    Fourier(int count) {
      Initial normal =
          (target, seed) -> target.copyInPlace(seed.normal(target.shape()).times(FOURIER_SCALE));
      frequencies = parameter("weight", normal, count);
    }

    @Override
    int width() {
      return 2 * Math.toIntExact(frequencies.numel());
    }

    @Override
    Tensor forward(Tensor time) {
      Tensor turns = time.to(DType.F32).log().reshape(-1, 1);
      Tensor fixed = frequencies.detach(); // saved with the weights, but not trained
      Tensor angles = turns.times(fixed).times(2).times(Math.PI);
      return Tensor.cat(List.of(Functions.sin(angles), Functions.cos(angles)), 1);
    }
  }

  /** One learned vector per time step. */
  private static final class Learned extends TimeProjection {
    private final Tensor table;

    Learned(int steps, int count) {
      table = parameter("weight", Initial.NORMAL, steps, count);
    }

    @Override
    int width() {
      return Math.toIntExact(table.size(1));
    }

    @Override
    Tensor forward(Tensor time) {
      return Functions.embedding(table, time.to(DType.I64));
    }
  }
}
