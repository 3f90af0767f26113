package io.github.diffusion4j.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** A work that users wait for. */
interface Workload {
  /** Returns the word for it on the command line. */
  String name();

  /** Returns what is done, in a line. */
  String about();

  /** Returns the images that one repetition deals with, or nothing where only its time counts. */
  OptionalInt images();

  /** Returns our ways of doing it. */
  List<Entrant> ours() throws IOException;

  /**
   * Returns the other side's ways of doing it.
   *
   * @throws IOException if the other side does not compute the same
   */
  List<Entrant> theirs(Peer peer) throws IOException;
}
