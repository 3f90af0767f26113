package io.github.diffusion4j.evaluation;

import java.util.Arrays;
import java.util.Locale;

/**
 * Whether samples are copies of training images: for each, the distance to the nearest training
 * image divided by the distance to the nearest test image. A copy has a ratio near 0.
 *
 * <p>More training images than test images make the ratio of honest samples less than 1. What it is
 * then, the same numbers of test images (each without itself) tell.
 *
 * @param medianRatio the median over the samples
 * @param closeShare the share of samples whose ratio is below {@link #CLOSE}
 */
public record Memorization(IntervalEstimate medianRatio, IntervalEstimate closeShare) {
  /** A sample twice as near to training images as to test images is suspect. */
  public static final double CLOSE = 0.5;

  /**
   * Compares distances.
   *
   * @param toTraining of each sample, at least one
   * @param toTest of the same samples
   */
  public static Memorization of(double[] toTraining, double[] toTest) {
    if (toTraining.length == 0 || toTraining.length != toTest.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d distances to training images and %d to test images; allowed: as many, at least one",
              toTraining.length,
              toTest.length));
    }
    double[] ratios = new double[toTraining.length];
    Arrays.setAll(ratios, i -> ratio(toTraining[i], toTest[i]));
    int close = (int) Arrays.stream(ratios).filter(ratio -> ratio < CLOSE).count();
    return new Memorization(
        new IntervalEstimate(median(ratios), Interval.ofMedian(ratios), "ranks"),
        new IntervalEstimate(
            (double) close / ratios.length, Interval.ofShare(close, ratios.length), "Wilson's"));
  }

  /** Of a sample that is both a training image and a test image nothing can be said: 1. */
  private static double ratio(double training, double test) {
    return training == test ? 1 : training / test;
  }

  private static double median(double... values) {
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    int half = ascending.length / 2;
    return ascending.length % 2 == 1
        ? ascending[half]
        : (ascending[half - 1] + ascending[half]) / 2;
  }
}
