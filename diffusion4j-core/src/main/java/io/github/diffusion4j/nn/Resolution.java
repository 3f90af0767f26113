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
  },
  /** Every second pixel of the smoothed image, with zeros around it. */
  FILTER_AND_HALVE {
    @Override
    Tensor apply(Tensor x) {
      return Fir.halve(x, 1);
    }
  },
  /** A zero behind every pixel, then smoothed, with zeros around it. */
  DOUBLE_AND_FILTER {
    @Override
    Tensor apply(Tensor x) {
      return Fir.twice(x, 1);
    }
  };

  abstract Tensor apply(Tensor x);

  /** Returns whether a block that does so has a convolution in its shortcut in any case. */
  boolean projectsShortcut() {
    return this == FILTER_AND_HALVE || this == DOUBLE_AND_FILTER;
  }
}
