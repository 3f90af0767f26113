package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** One learned vector per class. */
final class ClassEmbedding extends Layer {
  private final Tensor weight;

  ClassEmbedding(int classes, int width) {
    weight = parameter("weight", Initial.NORMAL, classes, width);
  }

  /** Returns [N, width] for I64 labels [N]. */
  Tensor forward(Tensor labels) {
    return Functions.embedding(weight, labels);
  }
}
