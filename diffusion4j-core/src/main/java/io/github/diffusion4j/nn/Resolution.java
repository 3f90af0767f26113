package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** What a residual block does to height and width. */
enum Resolution {
  /** Nothing. */
  KEEP {
    @Override
    Tensor apply(Tensor x) {
      return x;
    }
  },
  /** Means of squares of four. */
  HALVE {
    @Override
    Tensor apply(Tensor x) {
      return Functions.averagePool(x);
    }
  },
  /** Each pixel four times. */
  DOUBLE {
    @Override
    Tensor apply(Tensor x) {
      return Functions.upsampleNearest(x, 2 * x.size(2), 2 * x.size(3));
    }
  };

  abstract Tensor apply(Tensor x);
}
