package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/** The distribution that a parameter's first values are drawn from. */
@FunctionalInterface
public interface Initial {
  /** Standard normal numbers, as embeddings begin. */
  Initial NORMAL = (target, seed) -> target.copyInPlace(seed.normal(target.shape()));

  /** Fills {@code target} with values that depend on nothing but {@code seed}. */
  void fill(Tensor target, Seed seed);

  /** Returns the distribution that always gives {@code value}. */
  static Initial constant(double value) {
    return (target, seed) -> target.fillInPlace(value);
  }

  /** Returns the uniform distribution between −{@code bound} and {@code bound}. */
  static Initial uniform(double bound) {
    return (target, seed) ->
        target.copyInPlace(seed.uniform(target.shape()).times(2 * bound).minus(bound));
  }
}
