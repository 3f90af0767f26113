package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig.Initialization;

/** How the weights and biases of one convolution or linear layer begin. */
public enum Start {
  /** Weights and biases uniform in ±1/√(fan in), PyTorch's default. */
  TORCH {
    @Override
    Initial weight(long fanIn, long fanOut) {
      return Initial.uniform(1 / Math.sqrt((double) fanIn));
    }

    @Override
    Initial bias(long fanIn) {
      return Initial.uniform(1 / Math.sqrt((double) fanIn));
    }
  },

  /** Uniform weights of variance 1 / mean(fan in, fan out), zero biases. */
  FAN_AVERAGE {
    @Override
    Initial weight(long fanIn, long fanOut) {
      return Initial.uniform(Math.sqrt(6.0 / (fanIn + fanOut))); // a²/3 = 2/(in + out)
    }

    @Override
    Initial bias(long fanIn) {
      return Initial.constant(0);
    }
  },

  /** Zero weights and biases: a residual branch that ends so is the identity at first. */
  ZERO {
    @Override
    Initial weight(long fanIn, long fanOut) {
      return Initial.constant(0);
    }

    @Override
    Initial bias(long fanIn) {
      return Initial.constant(0);
    }
  };

  abstract Initial weight(long fanIn, long fanOut);

  abstract Initial bias(long fanIn);

  /** Returns how an ordinary layer begins. */
  static Start ordinary(Initialization initialization) {
    return initialization == Initialization.HO ? FAN_AVERAGE : TORCH;
  }

  /** Returns how the last layer of a residual branch, or of the network, begins. */
  static Start last(Initialization initialization) {
    return initialization == Initialization.TORCH ? TORCH : ZERO;
  }
}
