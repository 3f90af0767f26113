package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a network says of a set of images: one vector per image. All metrics of sets compare these.
 *
 * <p>The numbers are finite, in 64 bits, and lie on the Java heap, so that an instance belongs to
 * no scope; metrics take out the rows that they need at a time.
 */
public final class Features {
  private final double[] values;
  private final int count;
  private final int dimension;
  private @Nullable GaussianStatistics statistics; // of several metrics, measured once

  private Features(double[] values, int count, int dimension) {
    this.values = values;
    this.count = count;
    this.dimension = dimension;
  }

  /**
   * Copies features out of a tensor of any type.
   *
   * @param rows [N, D] with N and D from 1 on
   * @throws IllegalArgumentException if they have another shape, or one of them is NaN or infinite;
   *     the message names the first such
   */
  public static Features of(Tensor rows) {
    long[] shape = rows.shape();
    if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "features are %s; allowed: [N, D] with N and D from 1 on", rows));
    }
    if (shape[0] > Integer.MAX_VALUE / shape[1]) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "features are %s; allowed: up to %d numbers", rows, Integer.MAX_VALUE));
    }
    return of(rows.toDoubles(), (int) shape[0], (int) shape[1]);
  }

  private static Features of(double[] values, int count, int dimension) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "feature %d of sample %d (from 0 on) is %s; allowed: finite numbers",
                i % dimension,
                i / dimension,
                values[i]));
      }
    }
    return new Features(values, count, dimension);
  }

  /** Returns N, the number of samples. */
  public int count() {
    return count;
  }

  /** Returns D, the number of features of each. */
  public int dimension() {
    return dimension;
  }

  /**
   * Returns some samples as features of their own.
   *
   * @param samples numbers from 0 on, in any order, at least one
   * @throws IndexOutOfBoundsException if there is no sample of such a number
   */
  public Features choose(int... samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("no samples are chosen; allowed: one or more");
    }
    double[] chosen = new double[samples.length * dimension];
    for (int i = 0; i < samples.length; i++) {
      int from = Objects.checkIndex(samples[i], count) * dimension;
      System.arraycopy(values, from, chosen, i * dimension, dimension);
    }
    return new Features(chosen, samples.length, dimension);
  }

  /** Returns {@code length} samples from {@code first} on as a new tensor, F64 [length, D]. */
  public Tensor rows(int first, int length) {
    double[] some = new double[length * dimension];
    System.arraycopy(values, first * dimension, some, 0, some.length);
    return Tensor.of(some, length, dimension);
  }

  /** Returns all samples as a new tensor, F64 [N, D]. */
  public Tensor rows() {
    return Tensor.of(values, count, dimension);
  }

  /** Returns mean and covariance, of two samples or more. */
  GaussianStatistics statistics() {
    GaussianStatistics known = statistics;
    if (known == null) {
      known = GaussianStatistics.measure(this);
      statistics = known;
    }
    return known;
  }

  /** |x − y|² of sample i of this set and sample j of another; the same whichever comes first. */
  double squaredDistance(int i, Features other, int j) {
    double sum = 0;
    for (int d = 0; d < dimension; d++) {
      double difference = values[i * dimension + d] - other.values[j * dimension + d];
      sum += difference * difference;
    }
    return sum;
  }

  /** Returns |x|² of each sample. */
  double[] squaredNorms() {
    try (Scope scope = Scope.open()) {
      return rows().square().sum(1).toDoubles();
    }
  }

  /** Refuses sets of different dimensions. */
  static void requireComparable(Features first, Features second) {
    requireSameDimension(first.dimension, second.dimension);
  }

  static void requireSameDimension(int first, int second) {
    if (first != second) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "features of dimension %d and %d; allowed: the same dimension",
              first,
              second));
    }
  }

  /** Refuses sets too small for what is named. */
  void requireCount(int least, String purpose) {
    if (count < least) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: a set has %d samples; allowed: %d or more", purpose, count, least));
    }
  }
}
