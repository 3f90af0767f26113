package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at many images a few at a time, so that memory does not grow with their number. */
final class Batched {
  private Batched() {}

  /** What a network says of a few images. */
  @FunctionalInterface
  interface Look {
    Answers of(Tensor images);
  }

  /**
   * Returns the answers for all images, without gradients.
   *
   * @param images [N, C, H, W] with N from 1 on
   * @param most how many are looked at together
   */
  static Answers look(Tensor images, int most, Look look) {
    long[] shape = images.shape();
    if (shape.length != 4 || shape[0] < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "images are %s; allowed: [N, C, H, W] with N from 1 on", images));
    }
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      List<Answers> parts = new ArrayList<>();
      for (long first = 0; first < shape[0]; first += most) {
        try (Scope part = Scope.open()) {
          Tensor some = images.narrow(0, first, Math.min(most, shape[0] - first));
          parts.add(look.of(some).map(part::keep));
        }
      }
      return Answers.joined(parts).map(scope::keep);
    }
  }
}
