package io.github.diffusion4j.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param terms parts of the loss and whatever else a family has to say of a step, by name
 */
public record StepReport(
    long step,
    long images,
    double loss,
    double gradientNorm,
    double learningRate,
    double elapsedSeconds,
    double progress,
    Map<String, Double> terms) {

  /** Copies the terms, in their order; a line of a log that has none means there are none. */
  public StepReport {
    terms = terms == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /** A step whose loss has no parts. */
  public StepReport(
      long step,
      long images,
      double loss,
      double gradientNorm,
      double learningRate,
      double elapsedSeconds,
      double progress) {
    this(step, images, loss, gradientNorm, learningRate, elapsedSeconds, progress, Map.of());
  }
}
