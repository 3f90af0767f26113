package io.github.diffusion4j.cli.bench;

import java.util.List;
import java.util.OptionalLong;

/**
 * How long some repetitions of a work took.
 *
 * @param seconds of each repetition, at least one
 * @param peakKib the most memory that the process had at a time so far, in KiB, where it is known
 */
record Laps(List<Double> seconds, OptionalLong peakKib) {
  Laps {
    seconds = List.copyOf(seconds);
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("there are 0 repetitions; allowed: 1 or more");
    }
  }

  double median() {
    return Median.of(seconds);
  }
}
