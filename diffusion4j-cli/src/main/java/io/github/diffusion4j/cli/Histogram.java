package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Range;
import java.util.Arrays;

/**
 * How often numbers fall into bins of equal width.
 *
 * @param range where the bins are
 * @param density the share of all numbers in each bin, divided by the bin's width
 */
record Histogram(Range range, double[] density) {
  /** Counts; numbers outside the range belong to the whole and to no bin. */
  static Histogram of(double[] numbers, Range range, int bins) {
    double[] density = new double[bins];
    double width = (range.to() - range.from()) / bins;
    for (double number : numbers) {
      int bin = (int) Math.floor(range.share(number) * bins);
      if (bin >= 0 && bin < bins) {
        density[bin] += 1 / (numbers.length * width);
      }
    }
    return new Histogram(range, density);
  }

  /** Returns the middle of each bin. */
  double[] centers() {
    double width = (range.to() - range.from()) / density.length;
    double[] centers = new double[density.length];
    Arrays.setAll(centers, i -> range.from() + (i + 0.5) * width);
    return centers;
  }

  /** Returns the outline of the bins as a line of (x, y): {@code [0]} are the x, [1] the y. */
  double[][] outline() {
    double width = (range.to() - range.from()) / density.length;
    double[][] line = new double[2][2 * density.length];
    for (int i = 0; i < line[0].length; i++) {
      int edge = (i + 1) / 2; // two points at each edge between bins
      line[0][i] = range.from() + edge * width;
      line[1][i] = density[i / 2];
    }
    return line;
  }
}
