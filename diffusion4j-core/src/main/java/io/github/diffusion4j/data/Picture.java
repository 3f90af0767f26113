package io.github.diffusion4j.data;

import java.util.Locale;

/**
 * A decoded image of any size, {@code [C, H, W]}, unsigned bytes.
 *
 * @param shape 1 channel (gray) or 3 (red, green, blue)
 * @param bytes channel after channel, row after row
 */
record Picture(ImageShape shape, byte[] bytes) {

  /** Returns this picture in the shape of the options. */
  Picture fitted(ImageOptions options) {
    ImageShape target = options.shape();
    return switch (options.fit()) {
      case STRETCH ->
          Resampling.resize(withChannels(target.channels()), target.height(), target.width());
      case CROP -> withChannels(target.channels()).covering(target).middle(target);
      case NONE -> unchanged(target);
    };
  }

  private Picture unchanged(ImageShape target) {
    if (!shape.equals(target)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it is %s, the first image is %s; allowed: images of one shape",
              shape,
              target));
    }
    return this;
  }

  private Picture withChannels(int channels) {
    if (channels == shape.channels()) {
      return this;
    }
    int plane = shape.height() * shape.width();
    byte[] result = new byte[Math.multiplyExact(channels, plane)];
    for (int p = 0; p < plane; p++) {
      if (channels == 1) {
        result[p] = luma(unsigned(p), unsigned(plane + p), unsigned(2 * plane + p));
      } else {
        result[p] = result[plane + p] = result[2 * plane + p] = bytes[p];
      }
    }
    return new Picture(new ImageShape(channels, shape.height(), shape.width()), result);
  }

  /** The brightness of ITU-R BT.601, which image libraries use to make gray of color. */
  private static byte luma(int red, int green, int blue) {
    return (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
  }

  /** Returns this picture scaled until its shorter side (relative to the target's) just fits. */
  private Picture covering(ImageShape target) {
    double scale =
        Math.max(
            (double) target.height() / shape.height(), (double) target.width() / shape.width());
    return Resampling.resize(
        this,
        (int) Math.max(target.height(), Math.round(shape.height() * scale)),
        (int) Math.max(target.width(), Math.round(shape.width() * scale)));
  }

  private Picture middle(ImageShape target) {
    if (target.equals(shape)) {
      return this;
    }
    int top = (shape.height() - target.height()) / 2;
    int left = (shape.width() - target.width()) / 2;
    byte[] result = new byte[target.pixels()];
    for (int row = 0; row < target.channels() * target.height(); row++) {
      int channel = row / target.height();
      int y = top + row % target.height();
      int from = (channel * shape.height() + y) * shape.width() + left;
      System.arraycopy(bytes, from, result, row * target.width(), target.width());
    }
    return new Picture(target, result);
  }

  private int unsigned(int at) {
    return Byte.toUnsignedInt(bytes[at]);
  }
}
