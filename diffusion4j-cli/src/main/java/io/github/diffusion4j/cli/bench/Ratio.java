package io.github.diffusion4j.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How many times as long the other side took as ours did, over several pairs of measurements that
 * were made right after each other: above 1 we are faster.
 *
 * @param median the middle one of the pairs' ratios
 * @param least the smallest of them
 * @param most the largest
 */
record Ratio(double median, double least, double most) {

  /** Returns the ratios of the medians of each pair of rounds. */
  static Ratio of(List<Laps> ours, List<Laps> theirs) {
    if (ours.size() != theirs.size() || ours.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d rounds of ours and %d of theirs; allowed: as many of both, 1 or more",
              ours.size(),
              theirs.size()));
    }
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(theirs.get(round).median() / ours.get(round).median());
    }
    return new Ratio(Median.of(ratios), Collections.min(ratios), Collections.max(ratios));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f…%.2f)", median, least, most);
  }
}
