package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** Normalization of each pixel over its channels, with a learned scale per channel; at first 1. */
abstract class ChannelNorm extends Layer {
  private final Tensor scale;

  private ChannelNorm(int channels) {
    scale = parameter("g", Initial.constant(1), 1, channels, 1, 1);
  }

  /** Returns the norm in front of and behind attention. */
  static ChannelNorm ofAttention(LucidGeneration generation, int channels) {
    return switch (generation) {
      case STANDARDIZED -> new Standard(channels);
      case GROUPED, ROOT_MEAN_SQUARE -> new RootMeanSquare(channels);
    };
  }

  /** Returns the normalized [N, C, H, W]. */
  final Tensor forward(Tensor x) {
    return normalized(x).times(scale);
  }

  abstract Tensor normalized(Tensor x);

  /** Mean square 1. */
  static final class RootMeanSquare extends ChannelNorm {
    private final double length;

    RootMeanSquare(int channels) {
      super(channels);
      length = Math.sqrt((double) channels);
    }

    @Override
    Tensor normalized(Tensor x) {
      return Functions.unitVectors(x, 1).times(length);
    }
  }

  /** Mean 0 and variance 1. */
  private static final class Standard extends ChannelNorm {
    private static final double STABILIZER = 1e-5;

    Standard(int channels) {
      super(channels);
    }

    @Override
    Tensor normalized(Tensor x) {
      long[] shape = x.shape();
      Tensor centered = x.minus(x.mean(1).reshape(shape[0], 1, shape[2], shape[3]));
      Tensor variance = centered.square().mean(1).reshape(shape[0], 1, shape[2], shape[3]);
      return centered.dividedBy(variance.plus(STABILIZER).sqrt());
    }
  }
}
