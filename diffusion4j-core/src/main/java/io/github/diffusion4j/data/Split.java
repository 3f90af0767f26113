package io.github.diffusion4j.data;

/** The two parts in which published data sets come. */
public enum Split {
  /** The part to train on. */
  TRAIN,
  /** The part that training never sees. */
  TEST
}
