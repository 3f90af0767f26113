package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Noise with a stream of its own for each sample, so that sample 17 of a seed is the same picture
 * whether it is made alone or in a batch of 64.
 *
 * @param seed the root of all streams
 * @param first the number of the first sample of the batch
 */
public record SeededNoise(Seed seed, long first) implements NoiseSource {
  private static final int START = 0; // draws are counted from 1

  @Override
  public Tensor xT(long... shape) {
    return z(START, shape);
  }

  @Override
  public Tensor z(int draw, long... shape) {
    long[] one = Arrays.copyOfRange(shape, 1, shape.length);
    return Tensor.stack(
        LongStream.range(first, first + shape[0])
            .mapToObj(sample -> seed.derive(sample).derive(draw).normal(one))
            .toList(),
        0);
  }
}
