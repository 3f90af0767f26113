package io.github.diffusion4j.training;

/**
 * What happened in one training step.
 *
 * @param step its number, 1 for the first
 * @param images how many images have been seen since the beginning
 * @param loss the mean loss of the batch
 * @param gradientNorm the norm of the gradient before clipping
 * @param learningRate the learning rate of the step
 * @param elapsedSeconds time spent in training steps since the beginning
 * @param progress the part of the training that is done, in [0, 1]
 */
public record StepReport(
    long step,
    long images,
    double loss,
    double gradientNorm,
    double learningRate,
    double elapsedSeconds,
    double progress) {}
