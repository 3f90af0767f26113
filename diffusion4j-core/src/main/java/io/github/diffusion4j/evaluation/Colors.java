package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/** Brings images to the three channels that networks for photographs want. */
final class Colors {
  private Colors() {}

  /**
   * Returns images with three channels; gray becomes three equal ones.
   *
   * @param images [N, 1, H, W] or [N, 3, H, W]
   */
  static Tensor rgb(Tensor images) {
    long channels = images.size(1);
    if (channels == 3) {
      return images;
    }
    if (channels != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "images are %s; allowed: [N, 1, H, W] or [N, 3, H, W]", images));
    }
    return images.expand(images.size(0), 3, images.size(2), images.size(3));
  }
}
