package io.github.diffusion4j.data;

/** What may be done to an image each time it is shown to the network. */
public enum Augmentation {
  /** Nothing. */
  NONE,
  /** Left and right are swapped, each time with probability one half. */
  HORIZONTAL_FLIP
}
