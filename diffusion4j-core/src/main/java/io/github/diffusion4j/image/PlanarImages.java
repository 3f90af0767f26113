package io.github.diffusion4j.image;

import java.util.Locale;

/**
 * A stack of images of one shape as unsigned bytes, {@code [N, C, H, W]} in row-major order.
 *
 * <p>One channel is gray, three are red, green and blue; of four the last is dropped, and of any
 * other number only the first channel is shown, in gray.
 *
 * @param bytes the values 0…255; used, not copied
 * @param count N, which may be 0
 * @param channels C
 * @param height H
 * @param width W
 */
public record PlanarImages(byte[] bytes, int count, int channels, int height, int width) {

  /** Refuses shapes that the bytes do not fill. */
  public PlanarImages {
    if (count < 0
        || channels < 1
        || height < 1
        || width < 1
        || bytes.length != (long) count * channels * height * width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d bytes do not fill [%d, %d, %d, %d]",
              bytes.length,
              count,
              channels,
              height,
              width));
    }
  }

  /** Returns the color of one pixel as 0xRRGGBB. */
  int rgb(int image, int y, int x) {
    int plane = height * width;
    int at = image * channels * plane + y * width + x;
    int red = Byte.toUnsignedInt(bytes[at]);
    if (channels != 3 && channels != 4) {
      return red << 16 | red << 8 | red;
    }
    int green = Byte.toUnsignedInt(bytes[at + plane]);
    int blue = Byte.toUnsignedInt(bytes[at + 2 * plane]);
    return red << 16 | green << 8 | blue;
  }
}
