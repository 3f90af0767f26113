package io.github.diffusion4j.training;

import java.util.Optional;

/**
 * What was measured of the model at one step, as a line of the log.
 *
 * @param step steps of the optimizer that were done
 * @param metric what was measured; smaller is better
 * @param value the number
 * @param low the lower end of its interval of 95 %; empty where none is known
 * @param high the upper end
 * @param samples how many images were drawn for it
 */
public record LoggedEvaluation(
    long step,
    String metric,
    double value,
    Optional<Double> low,
    Optional<Double> high,
    int samples) {}
