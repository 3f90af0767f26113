package io.github.diffusion4j;

import io.github.diffusion4j.likelihood.BitsPerDimension;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * One of several models that were measured alike.
 *
 * @param name of its folder
 * @param manner how it was sampled
 * @param parameters how many numbers it has learned
 * @param report what was measured
 * @param classes how many samples the network takes for each of its classes; empty if it has none
 * @param trainingSeconds how long it was trained, if its run says so
 * @param secondsPerImage how long it takes to draw one of {@link ModelComparison#SHOWN} images
 * @param bound on the bits per dimension of held-out images, of families that have one
 * @param samples a picture of some samples
 */
public record ComparedModel(
    String name,
    String manner,
    long parameters,
    EvaluationReport report,
    List<Integer> classes,
    Optional<Double> trainingSeconds,
    double secondsPerImage,
    Optional<BitsPerDimension> bound,
    BufferedImage samples) {
  /** Copies the list. */
  public ComparedModel {
    classes = List.copyOf(classes);
  }

  /** Returns how many classes have a tenth of an even share of the samples, or more. */
  public int covered() {
    double all = classes.stream().mapToInt(Integer::intValue).sum();
    return (int) classes.stream().filter(count -> count * 10.0 * classes.size() >= all).count();
  }
}
