package io.github.diffusion4j.baseline;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Where the standard normal numbers come from that latent variables are made of. */
@FunctionalInterface
public interface LatentNoise {
  /**
   * Returns the noise of a batch.
   *
   * @param level which of the latent variables, 0 for the first
   * @param shape [N, …]
   */
  Tensor of(int level, long... shape);

  /** Returns noise that is drawn for a whole batch at once, which is fastest. */
  static LatentNoise together(Seed seed) {
    return (level, shape) -> seed.derive(level).normal(shape);
  }

  /**
   * Returns noise with a stream of its own for each image, so that image 17 of a seed is the same
   * whether it is made alone or in a batch.
   *
   * @param first the number of the first image of the batch
   */
  static LatentNoise each(Seed seed, long first) {
    return (level, shape) -> {
      long[] one = Arrays.copyOfRange(shape, 1, shape.length);
      return Tensor.stack(
          LongStream.range(first, first + shape[0])
              .mapToObj(image -> seed.derive(image).derive(level).normal(one))
              .toList(),
          0);
    };
  }
}
