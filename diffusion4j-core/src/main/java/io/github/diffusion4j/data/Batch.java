package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * Images for one training step, in plain Java memory so that any thread may prepare them.
 *
 * @param pixels the images one after another, each {@code [C, H, W]}, in [−1, 1]
 * @param classes the class of each image, or no elements for data without classes
 * @param shape the shape of each image
 * @param count the number of images, N
 */
public record Batch(float[] pixels, long[] classes, ImageShape shape, int count)
    implements Examples {

  /** Refuses arrays that do not fit the count. */
  public Batch {
    if (count < 1
        || pixels.length != count * shape.pixels()
        || (classes.length != 0 && classes.length != count)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d pixels and %d classes were given for %d images of shape %s",
              pixels.length,
              classes.length,
              count,
              shape));
    }
  }

  /** Returns the images as a new tensor {@code [N, C, H, W]} of the calling thread's scope. */
  @Override
  public Tensor x0() {
    return Tensor.of(pixels, count, shape.channels(), shape.height(), shape.width());
  }

  /** Returns the classes as a new tensor I64 {@code [N]}, or nothing for data without classes. */
  @Override
  public Optional<Tensor> labels() {
    return classes.length == 0 ? Optional.empty() : Optional.of(Tensor.of(classes, count));
  }
}
