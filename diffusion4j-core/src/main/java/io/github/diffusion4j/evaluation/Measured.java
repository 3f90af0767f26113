package io.github.diffusion4j.evaluation;

/**
 * A number that was estimated at random.
 *
 * @param value the estimate
 * @param standardError the standard deviation that estimates of this kind have
 */
public record Measured(double value, double standardError) {}
