package io.github.diffusion4j.data;

/** What to do about an image file that cannot be read in full. */
public enum OnCorrupt {
  /** Leave it out and say so in {@link ImageFiles#skipped}. */
  SKIP,
  /** Do not open the set at all. */
  STOP
}
