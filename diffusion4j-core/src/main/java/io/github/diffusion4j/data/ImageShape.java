package io.github.diffusion4j.data;

import java.util.Locale;

/**
 * The shape {@code [C, H, W]} that all images of a data set have.
 *
 * @param channels 1 for gray, 3 for red, green and blue; other sets may have any number
 * @param height rows
 * @param width columns
 */
public record ImageShape(int channels, int height, int width) {

  /** Refuses shapes without elements. */
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "image shape is [%d, %d, %d]; allowed: three numbers of 1 or more",
              channels,
              height,
              width));
    }
  }

  /** Returns the number of elements, C · H · W, which is the bytes one image takes. */
  public int pixels() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /** Returns the shape for messages: {@code [3, 32, 32]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "[%d, %d, %d]", channels, height, width);
  }
}
