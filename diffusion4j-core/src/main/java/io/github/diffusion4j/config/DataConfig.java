package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * Where the training images come from and what is done to them; channels and size are the model's.
 *
 * @param source {@code digits}, {@code mnist}, {@code fashion-mnist}, {@code cifar10}, or the path
 *     of a folder, archive or file
 * @param fit how an image of another shape is made to fit
 * @param flip random mirroring while training
 * @param onCorrupt what an unreadable image does
 * @param limit use only that many images, the first ones; empty means all
 */
public record DataConfig(
    String source, Fit fit, Flip flip, Corrupt onCorrupt, Optional<Integer> limit) {

  /** How an image of another shape is made to fit. */
  public enum Fit {
    /** Scaled until it covers the square, then the middle is cut out. */
    CROP,
    /** Scaled to the square, proportions given up. */
    STRETCH
  }

  /** Random mirroring. */
  public enum Flip {
    /** Images stay as they are. */
    NONE,
    /** Left and right change places with probability 1/2. */
    HORIZONTAL
  }

  /** What an unreadable image does. */
  public enum Corrupt {
    /** It is reported by name and left out. */
    SKIP,
    /** It ends the run. */
    STOP
  }

  /** Refuses an empty source and limits below 1. */
  public DataConfig {
    Require.text("data.source", source);
    Require.positive("data.limit", limit);
  }
}
