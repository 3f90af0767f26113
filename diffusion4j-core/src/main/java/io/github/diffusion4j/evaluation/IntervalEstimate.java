package io.github.diffusion4j.evaluation;

/**
 * A number with the interval in which it would lie for other samples of the same kind.
 *
 * @param value the number
 * @param interval of 95 %, for sets as large as the one that was measured, against the same
 *     reference
 * @param how the interval was won, in a few words
 */
public record IntervalEstimate(double value, Interval interval, String how) {}
