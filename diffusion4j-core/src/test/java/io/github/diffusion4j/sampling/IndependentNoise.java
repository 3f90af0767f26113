package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/** One stream for the whole batch: fast for the hundred thousand samples of a statistical test. */
record IndependentNoise(Seed seed) implements NoiseSource {

  @Override
  public Tensor xT(long... shape) {
    return z(0, shape);
  }

  @Override
  public Tensor z(int draw, long... shape) {
    return seed.derive(draw).normal(shape);
  }
}
