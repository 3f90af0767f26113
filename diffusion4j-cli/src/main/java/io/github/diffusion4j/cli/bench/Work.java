package io.github.diffusion4j.cli.bench;

import java.io.IOException;
import java.util.List;

/** What a worker does again and again. */
interface Work extends AutoCloseable {
  /** Does it {@code repetitions} times; returns how many seconds each took. */
  List<Double> run(int repetitions) throws IOException;

  @Override
  void close();
}
