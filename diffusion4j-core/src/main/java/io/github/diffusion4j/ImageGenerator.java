package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/**
 * Anything that draws images: a diffusion model with its sampler, a variational autoencoder, a
 * generative adversarial network.
 */
public interface ImageGenerator extends AutoCloseable {
  /** Returns the shape of its images. */
  ImageShape shape();

  /** Returns how many numbers it has learned. */
  long parameters();

  /** Returns all that decides, with the weights, which images are drawn from a seed. */
  default String manner() {
    return "one pass";
  }

  /** Returns the same for people: the line that says how a metric was measured. */
  default String description() {
    return manner();
  }

  /**
   * Draws images. Image number i of a seed is the same in whatever batch it is drawn.
   *
   * @param first the number of the first image, from 0 on
   * @param count how many, 1 or more
   * @return [count, C, H, W] in [−1, 1], new in the scope that is open on this thread
   */
  Tensor draw(long first, int count, Seed seed);

  @Override
  void close();
}
