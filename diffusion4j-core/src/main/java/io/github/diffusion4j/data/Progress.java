package io.github.diffusion4j.data;

import java.util.OptionalLong;

/** Hears how far a long job has come; called on the thread that started the job. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (what, done, total) -> {};

  /**
   * Reports.
   *
   * @param what what is being done, in words: a file name or "decoding images"
   * @param done how many bytes or images are done
   * @param total how many there are in all, where that is known
   */
  void at(String what, long done, OptionalLong total);
}
