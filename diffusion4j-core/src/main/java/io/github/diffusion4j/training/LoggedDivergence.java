package io.github.diffusion4j.training;

import java.util.Optional;

/**
 * A divergence, and what was done about it, as a line of the log.
 *
 * @param step the step at which it was noticed
 * @param diverged what happened, in words
 * @param loss the loss of the step
 * @param gradientNorm the norm of the gradient of the step
 * @param peak the peak of the learning rate with which it happened
 * @param backTo the step of the checkpoint from which the training goes on; empty if it ends
 * @param lowerPeak the peak with which it goes on
 */
public record LoggedDivergence(
    long step,
    String diverged,
    double loss,
    double gradientNorm,
    double peak,
    Optional<Long> backTo,
    Optional<Double> lowerPeak) {}
