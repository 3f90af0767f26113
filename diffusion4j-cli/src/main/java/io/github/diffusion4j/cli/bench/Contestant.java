package io.github.diffusion4j.cli.bench;

import java.io.IOException;

/** Does one piece of work again and again, in a process that does nothing else. */
interface Contestant extends AutoCloseable {
  /** Does the work {@code repetitions} times and returns how long each took. */
  Laps run(int repetitions) throws IOException;

  /** Returns what computes, with its version. */
  String version();

  /** Ends the process. */
  @Override
  void close();
}
