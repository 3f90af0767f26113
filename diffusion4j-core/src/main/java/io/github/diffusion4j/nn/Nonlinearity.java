package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** The functions that the words of a configuration stand for. */
final class Nonlinearity {
  private Nonlinearity() {}

  /** Returns the activation of each element. */
  static Tensor apply(Activation activation, Tensor x) {
    return switch (activation) {
      case SILU -> Functions.silu(x);
      case MISH -> Functions.mish(x);
      case GELU -> Functions.gelu(x);
      case RELU -> Functions.relu(x);
    };
  }
}
