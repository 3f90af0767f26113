package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Noise with a stream of its own for each sample, like {@link SeededNoise}, for samples of a few
 * numbers: it makes them in Java, where the start of a stream costs next to nothing.
 *
 * @param seed the root of all streams
 * @param first the number of the first sample of the batch
 */
public record PointNoise(Seed seed, long first) implements NoiseSource {
  private static final int START = 0; // draws are counted from 1

  @Override
  public Tensor xT(long... shape) {
    return z(START, shape);
  }

  @Override
  public Tensor z(int draw, long... shape) {
    int count = Math.toIntExact(shape[0]);
    int size = Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
    float[] values = new float[count * size];
    for (int n = 0; n < count; n++) {
      SplittableRandom random = seed.derive(first + n).derive(draw).random();
      for (int i = 0; i < size; i++) {
        values[n * size + i] = (float) Seed.normal(random);
      }
    }
    return Tensor.of(values, shape);
  }
}
