package io.github.diffusion4j.evaluation;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The distance of each of some samples to the nearest of others, which may come in parts so that
 * they need not be in memory together.
 */
public final class NearestDistances {
  private static final int NONE = -1;

  private final Features samples;
  private final double[] squares;

  /** No others have been seen yet. */
  public NearestDistances(Features samples) {
    this.samples = samples;
    this.squares = new double[samples.count()];
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
  }

  /** Looks at some of the others, of whom none is one of the samples. */
  public void see(Features others) {
    see(others, i -> NONE);
  }

  /**
   * Looks at some of the others, which are themselves samples: other j is sample {@code first + j},
   * and no neighbor of itself.
   */
  public void seeSamples(Features others, int first) {
    see(others, i -> i - first);
  }

  private void see(Features others, IntUnaryOperator itself) {
    new SquaredDistances(samples, others)
        .forEachRow(
            row -> {
              int i = row.index();
              squares[i] = Math.min(squares[i], smallest(row, itself.applyAsInt(i)));
            });
  }

  /** Rough distances leave a few candidates, of which the exact ones are taken. */
  private static double smallest(SquaredDistances.Row row, int itself) {
    double limit = Double.POSITIVE_INFINITY;
    for (int j = 0; j < row.length(); j++) {
      if (j != itself) {
        limit = Math.min(limit, row.rough(j) + row.error(j));
      }
    }
    double smallest = Double.POSITIVE_INFINITY;
    for (int j = 0; j < row.length(); j++) {
      if (j != itself && row.rough(j) - row.error(j) <= limit) {
        smallest = Math.min(smallest, row.exact(j));
      }
    }
    return smallest;
  }

  /** Returns the distance of each sample to the nearest other that was seen. */
  public double[] distances() {
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }
}
