package io.github.diffusion4j.likelihood;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A mean over images in bits per dimension, and how far it may be off.
 *
 * @param mean the estimate
 * @param standardError its standard deviation, for images drawn at random from all there are; it
 *     contains the part below
 * @param noiseError the part that comes from noise, times and probes drawn at random, which more
 *     draws for the same images would make smaller; known with two draws or more
 */
public record BitsPerDimension(double mean, double standardError, OptionalDouble noiseError) {

  /**
   * Returns the mean of values that are independent from image to image and from draw to draw.
   *
   * @param byImageAndDraw the same number of draws for each image
   */
  public static BitsPerDimension of(double[][] byImageAndDraw) {
    int images = byImageAndDraw.length;
    int draws = byImageAndDraw[0].length;
    double[] means = Arrays.stream(byImageAndDraw).mapToDouble(BitsPerDimension::mean).toArray();
    double within = Arrays.stream(byImageAndDraw).mapToDouble(BitsPerDimension::variance).sum();
    return new BitsPerDimension(
        mean(means),
        Math.sqrt(variance(means) / images),
        draws == 1
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.sqrt(within / draws) / images));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** The unbiased estimate; a single value tells nothing, which is NaN. */
  private static double variance(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return squares / (values.length - 1);
  }
}
