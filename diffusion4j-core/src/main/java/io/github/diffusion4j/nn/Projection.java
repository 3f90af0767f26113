package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** A matrix that is applied to the channels of each pixel. */
final class Projection extends Layer {
  private final Tensor weight;

  Projection(int in, int out, Start start) {
    weight = parameter("weight", start.weight(in, out), out, in, 1, 1);
  }

  /** Returns [N, out, H, W] for [N, in, H, W]. */
  Tensor forward(Tensor x) {
    return Functions.filter(x, weight, 1, 0);
  }
}
