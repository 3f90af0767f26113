package io.github.diffusion4j.training;

/**
 * What was measured of the model at one step, as a line of the log.
 *
 * @param step steps of the optimizer that were done
 * @param metric what was measured; smaller is better
 * @param value the number
 * @param low the lower end of its interval of 95 %
 * @param high the upper end
 * @param samples how many images were drawn for it
 */
public record LoggedEvaluation(
    long step, String metric, double value, double low, double high, int samples) {}
