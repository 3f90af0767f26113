package io.github.diffusion4j.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Image files for tests. */
final class ImageBytes {
  private ImageBytes() {}

  /** Returns a file of a kind that Java can write, in the given {@link BufferedImage} type. */
  static byte[] encoded(String format, BufferedImage image) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("cannot write " + format);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a picture of one color. */
  static BufferedImage filled(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** Returns a picture in which no two neighbors are equal, so that it does not compress well. */
  static BufferedImage busy(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (x * 7919 + y * 104729) * 2654435 & 0xffffff);
      }
    }
    return image;
  }

  /** Returns a PNG file of one color. */
  static byte[] png(int width, int height, int rgb) {
    return encoded("png", filled(width, height, rgb));
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageBytes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no test resource " + name);
      }
      return in.readAllBytes();
    }
  }
}
