package io.github.diffusion4j.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one side showed.
 *
 * @param mode its fastest way, the one that was measured
 * @param version what computed
 * @param rounds the measurements
 * @param tried the median of a repetition of every way that was tried, in seconds
 * @param failed what every way that failed said
 */
record Side(
    String mode,
    String version,
    List<Laps> rounds,
    Map<String, Double> tried,
    Map<String, String> failed) {

  /** Returns the median over the rounds of their median repetition, in seconds. */
  double seconds() {
    return Median.of(rounds.stream().map(Laps::median).toList());
  }

  /** Returns the most memory at a time, in KiB, where it is known. */
  OptionalLong peakKib() {
    return rounds.stream().flatMapToLong(laps -> laps.peakKib().stream()).max();
  }
}
