package io.github.diffusion4j.evaluation;

import java.util.Arrays;
import java.util.Locale;

/**
 * A ball around each sample of a set that just reaches its k-th nearest neighbor; together they are
 * taken for the region where the set's law has mass.
 *
 * <p>A sample is not its own neighbor, but a copy of it is: k copies beside it make its radius 0.
 */
final class Neighborhoods {
  private final Features centers;
  private final double[] squaredRadii;

  private Neighborhoods(Features centers, double[] squaredRadii) {
    this.centers = centers;
    this.squaredRadii = squaredRadii;
  }

  /** Measures the balls of a set of more than {@code neighbors} samples. */
  static Neighborhoods of(Features centers, int neighbors) {
    if (neighbors < 1) {
      throw new IllegalArgumentException("neighbors is " + neighbors + "; allowed: 1 or more");
    }
    centers.requireCount(
        neighbors + 1, String.format(Locale.ROOT, "%d nearest neighbors", neighbors));
    double[] squaredRadii = new double[centers.count()];
    new SquaredDistances(centers, centers)
        .forEachRow(row -> squaredRadii[row.index()] = smallest(row, neighbors));
    return new Neighborhoods(centers, squaredRadii);
  }

  /**
   * Which balls hold which points.
   *
   * @param closed for each point, in how many balls it lies, their surfaces included
   * @param open for each point, in how many balls it lies, without their surfaces
   * @param reached for each ball, whether a point lies in it, not on its surface
   */
  @SuppressWarnings("ArrayRecordComponent") // it does not leave the package
  record Membership(int[] closed, int[] open, boolean[] reached) {

    /** How many points lie in a ball or on its surface. */
    int inside() {
      return (int) Arrays.stream(closed).filter(balls -> balls > 0).count();
    }
  }

  Membership of(Features points) {
    int[] closed = new int[points.count()];
    int[] open = new int[points.count()];
    boolean[] reached = new boolean[centers.count()];
    new SquaredDistances(points, centers)
        .forEachRow(
            row -> {
              for (int j = 0; j < row.length(); j++) {
                int side = side(row, j);
                if (side <= 0) {
                  closed[row.index()]++;
                }
                if (side < 0) {
                  open[row.index()]++;
                  reached[j] = true; // from several threads, but always to the same value
                }
              }
            });
    return new Membership(closed, open, reached);
  }

  /** Below 0 inside ball j, 0 on its surface, above 0 outside. */
  private int side(SquaredDistances.Row row, int j) {
    double rough = row.rough(j);
    double sure = Math.abs(rough - squaredRadii[j]) > row.error(j) ? rough : row.exact(j);
    return Double.compare(sure, squaredRadii[j]);
  }

  /** The k-th smallest of the distances to the others. */
  private static double smallest(SquaredDistances.Row row, int k) {
    double[] bounds = new double[k]; // the k smallest of what the distances are at most
    Arrays.fill(bounds, Double.POSITIVE_INFINITY);
    for (int j = 0; j < row.length(); j++) {
      if (j != row.index()) {
        insert(bounds, row.rough(j) + row.error(j));
      }
    }
    double limit = bounds[k - 1];
    double[] nearest = new double[k];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int j = 0; j < row.length(); j++) {
      if (j != row.index() && row.rough(j) - row.error(j) <= limit) {
        insert(nearest, row.exact(j));
      }
    }
    return nearest[k - 1];
  }

  /** Puts a number in its place among ascending ones, if it is smaller than the last. */
  private static void insert(double[] ascending, double number) {
    int place = ascending.length - 1;
    if (!(number < ascending[place])) {
      return;
    }
    while (place > 0 && ascending[place - 1] > number) {
      ascending[place] = ascending[place - 1];
      place--;
    }
    ascending[place] = number;
  }
}
