package io.github.diffusion4j.evaluation;

import java.util.Optional;

/**
 * A number that was measured on a set of samples, with its confidence interval of 95 %.
 *
 * @param value the number
 * @param interval for the mean that the number has over sets as large as the one that was measured,
 *     against the same reference: of intervals made in this way from fresh sets, 95 of 100 hold it.
 *     Numbers of single other sets lie further apart. Empty where none is known
 * @param how the interval was won, or why there is none, in a few words
 */
public record IntervalEstimate(double value, Optional<Interval> interval, String how) {

  /** A number that has an interval. */
  public IntervalEstimate(double value, Interval interval, String how) {
    this(value, Optional.of(interval), how);
  }
}
