package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** What the distances between two sets of points ask of them. */
final class PointSets {
  private PointSets() {}

  static void requireAlike(Tensor a, Tensor b) {
    long[] first = a.shape();
    if (first.length != 2 || first[0] < 2 || !Arrays.equals(first, b.shape())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the sets are %s and %s; allowed: two of one shape [N, D] with N from 2 on",
              Arrays.toString(first),
              Arrays.toString(b.shape())));
    }
  }
}
