package io.github.diffusion4j.cli.bench;

import java.util.List;

/** The number in the middle. */
final class Median {
  private Median() {}

  /** Returns the middle number, or the mean of the two in the middle; at least one is needed. */
  static double of(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
