package io.github.diffusion4j.data;

import java.util.Locale;

/**
 * What becomes of image files of any size and color when they are read.
 *
 * @param shape the shape that every image gets, with 1 channel (gray) or 3 (red, green, blue)
 * @param fit how other sizes are brought to this one
 * @param onCorrupt what to do about unreadable files
 * @param memoryBytes decoded images are kept in memory if all together take at most this much;
 *     otherwise each is decoded when it is needed
 */
public record ImageOptions(ImageShape shape, Fit fit, OnCorrupt onCorrupt, long memoryBytes) {
  private static final long GIBIBYTE = 1L << 30;

  /** Refuses channel counts that files do not have. */
  public ImageOptions {
    if (shape.channels() != 1 && shape.channels() != 3) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "image files were asked for with %d channels; allowed: 1 or 3",
              shape.channels()));
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "memory for images is %d bytes; allowed: 0 or more", memoryBytes));
    }
  }

  /**
   * Returns options that crop, skip corrupt files, and keep up to 1 GiB, or half of the Java heap
   * where that is less, in memory.
   */
  public static ImageOptions of(ImageShape shape) {
    long memory = Math.min(GIBIBYTE, Runtime.getRuntime().maxMemory() / 2);
    return new ImageOptions(shape, Fit.CROP, OnCorrupt.SKIP, memory);
  }

  /** Returns the same options with another way to fit. */
  public ImageOptions withFit(Fit fit) {
    return new ImageOptions(shape, fit, onCorrupt, memoryBytes);
  }

  /** Returns the same options with another answer to corrupt files. */
  public ImageOptions withOnCorrupt(OnCorrupt onCorrupt) {
    return new ImageOptions(shape, fit, onCorrupt, memoryBytes);
  }

  /** Returns the same options with another bound on memory. */
  public ImageOptions withMemoryBytes(long memoryBytes) {
    return new ImageOptions(shape, fit, onCorrupt, memoryBytes);
  }
}
