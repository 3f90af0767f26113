package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/** Turns time into a vector: sines and cosines of it, then two linear layers. */
final class LucidTimeEmbedding extends Layer {
  private final LucidTimeFeatures features;
  private final Tensor frequencies;
  private final Linear first;
  private final Linear second;

  LucidTimeEmbedding(LucidUNetConfig config) {
    features = config.time();
    int count = config.width();
    if (features instanceof LucidTimeFeatures.Fourier fourier) {
      frequencies = child("0", new Multiples(fourier.count() / 2)).weights;
      count = fourier.count() + 1;
    } else {
      double theta = ((LucidTimeFeatures.Sinusoidal) features).theta();
      frequencies = constant(falling(config.width() / 2, theta));
    }
    first = child("1", new Linear(count, config.timeWidth(), Start.TORCH));
    second = child("3", new Linear(config.timeWidth(), config.timeWidth(), Start.TORCH));
  }

  /** Returns F32 [N, width] for F32 or I64 [N]. */
  Tensor forward(Tensor time) {
    return second.forward(Functions.gelu(first.forward(features(time))));
  }

  private Tensor features(Tensor time) {
    Tensor column = time.to(DType.F32).reshape(-1, 1);
    if (features instanceof LucidTimeFeatures.Fourier) {
      Tensor angles = column.times(frequencies.reshape(1, -1)).times(2).times(Math.PI);
      return Tensor.cat(List.of(column, Functions.sin(angles), Functions.cos(angles)), 1);
    }
    Tensor angles = column.times(frequencies);
    return Tensor.cat(List.of(Functions.sin(angles), Functions.cos(angles)), 1);
  }

  /** Returns theta^(−i / (count − 1)) for i = 0 … count − 1. */
  private static Tensor falling(int count, double theta) {
    try (Scope scope = Scope.open()) {
      double step = -Math.log(theta) / (count - 1);
      return scope.keep(Tensor.arange(count).to(DType.F32).times(step).exp());
    }
  }

  /** Learned frequencies, in turns per step. */
  private static final class Multiples extends Layer {
    private final Tensor weights;

    Multiples(int count) {
      weights = parameter("weights", Initial.NORMAL, count);
    }
  }
}
