package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import java.io.IOException;
import java.util.Locale;

/**
 * The first images of a data set.
 *
 * @param data the set
 * @param size how many of it
 * @param description what it is
 */
public record StoredImages(ImageDataset data, int size, String description) implements ImageSource {
  private static final int AT_ONCE = 250;

  /** Refuses more images than there are. */
  public StoredImages {
    if (size < 1 || size > data.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d images of %s; allowed: 1…%d", size, description, data.size()));
    }
  }

  /** All images of a set. */
  public StoredImages(ImageDataset data, String description) {
    this(data, data.size(), description);
  }

  @Override
  public ImageShape shape() {
    return data.shape();
  }

  @Override
  public int atOnce() {
    return AT_ONCE;
  }

  @Override
  public String fingerprint() {
    return "stored " + data.fingerprint();
  }

  @Override
  public byte[] pixels(int first, int count) throws IOException {
    int length = shape().pixels();
    byte[] pixels = new byte[count * length];
    for (int i = 0; i < count; i++) {
      data.read(first + i, pixels, i * length);
    }
    return pixels;
  }
}
