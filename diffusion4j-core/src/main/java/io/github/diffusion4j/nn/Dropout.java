package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/** What training does to the activations in front of the last convolution of each block. */
@FunctionalInterface
public interface Dropout {
  /** Drops nothing: evaluation, sampling, and training without dropout. */
  Dropout NONE = h -> h;

  /** Returns {@code h} with some elements set to zero, in expectation unchanged. */
  Tensor apply(Tensor h);

  /**
   * Returns inverted dropout for one pass through a network.
   *
   * <p>Application k of the result draws from {@code seed.derive(k)}, so two passes with two equal
   * results drop the same elements.
   *
   * @param p probability with which an element becomes zero, 0 ≤ p &lt; 1
   */
  static Dropout of(double p, Seed seed) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "dropout is %s; allowed: 0 ≤ value < 1", p));
    }
    return p == 0 ? NONE : new Seeded(p, seed);
  }

  /** Dropout that counts its applications. */
  final class Seeded implements Dropout {
    private final double probability;
    private final Seed seed;
    private long applications;

    private Seeded(double probability, Seed seed) {
      this.probability = probability;
      this.seed = seed;
    }

    @Override
    public Tensor apply(Tensor h) {
      return Functions.dropout(h, probability, seed.derive(applications++));
    }
  }
}
