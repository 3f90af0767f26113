package io.github.diffusion4j.data;

/** How an image is brought to the target size when its own is another. */
public enum Fit {
  /** Both sides are scaled on their own, so that proportions may change. */
  STRETCH,
  /** The image is scaled until it just covers the target, and the middle is cut out. */
  CROP,
  /** Not at all: an image of another shape is refused. */
  NONE
}
