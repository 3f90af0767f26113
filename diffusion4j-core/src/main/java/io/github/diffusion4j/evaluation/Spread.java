package io.github.diffusion4j.evaluation;

import java.util.List;

/**
 * The numbers that one metric gave on several parts of a set, such as the subsets of KID or the
 * splits of the Inception score.
 *
 * @param values at least one, in the order of the parts
 */
public record Spread(List<Double> values) {
  /** Copies the values and refuses none at all. */
  public Spread {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("there are no values; allowed: one or more");
    }
  }

  /** Returns the mean. */
  public double mean() {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /**
   * Returns the standard deviation, divided by their number as is usual in published figures: how
   * far the parts lie apart, which is more than how wrong the mean is.
   */
  public double deviation() {
    double mean = mean();
    return Math.sqrt(
        values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }
}
