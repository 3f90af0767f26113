package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The Fréchet distance that infinitely many samples would have ([FD∞]): the distances of subsets
 * lie near a line in 1/N, and this is where it meets 1/N = 0.
 *
 * <p>The line holds for N well above the number of features, and sizes up to it are refused; the
 * result may be negative.
 *
 * @param least the size of the smallest subset
 * @param sizes how many sizes are measured, evenly spaced from {@code least} to all samples
 */
public record FrechetExtrapolation(int least, int sizes) {
  /** 15 sizes from 5000 on, as published numbers have. */
  public static final FrechetExtrapolation USUAL = new FrechetExtrapolation(5000, 15);

  /** Refuses subsets without a covariance and fewer than two sizes, through which goes no line. */
  public FrechetExtrapolation {
    if (least < 2 || sizes < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d sizes from %d on; allowed: 2 or more from 2 or more on",
              sizes,
              least));
    }
  }

  /**
   * What was measured, and the line through it.
   *
   * @param atInfinity the distance at 1/N = 0
   * @param slope by how much the distance grows with 1/N
   * @param sizes N of each subset, ascending
   * @param distances the distance of each subset
   */
  public record Line(double atInfinity, double slope, List<Integer> sizes, List<Double> distances) {
    /** Copies the lists. */
    public Line {
      sizes = List.copyOf(sizes);
      distances = List.copyOf(distances);
    }

    /**
     * Returns the standard error of {@link #atInfinity}. The distances move as means of the
     * influences of their samples do, and the value at infinity is a sum of the distances with
     * known weights; the subsets are drawn on their own from one set.
     *
     * @param deviation standard deviation of the influences
     * @param all the number of samples that the subsets were drawn from
     */
    double standardError(double deviation, int all) {
      double meanX = sizes.stream().mapToDouble(n -> 1.0 / n).average().orElseThrow();
      double squares = sizes.stream().mapToDouble(n -> square(1.0 / n - meanX)).sum();
      double variance = 1.0 / all;
      for (int n : sizes) {
        double weight = 1.0 / sizes.size() - meanX * (1.0 / n - meanX) / squares;
        variance += square(weight) * (1.0 / n - 1.0 / all);
      }
      return deviation * Math.sqrt(variance);
    }

    private static double square(double x) {
      return x * x;
    }

    /** Fits the line with the least squares of its errors. */
    static Line through(List<Integer> sizes, List<Double> distances) {
      double[] x = sizes.stream().mapToDouble(n -> 1.0 / n).toArray();
      double meanX = Arrays.stream(x).average().orElseThrow();
      double meanY = distances.stream().mapToDouble(d -> d).average().orElseThrow();
      double products = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        products += (x[i] - meanX) * (distances.get(i) - meanY);
        squares += (x[i] - meanX) * (x[i] - meanX);
      }
      double slope = products / squares;
      return new Line(meanY - slope * meanX, slope, sizes, distances);
    }
  }

  /**
   * Measures subsets of {@code generated}, which {@code seed} draws without replacement, against
   * fixed statistics of the real images.
   *
   * @throws IllegalArgumentException if there are not enough samples for all sizes to differ, the
   *     smallest subset has no more samples than features, or the dimensions differ
   */
  public Line between(GaussianStatistics real, Features generated, Seed seed) {
    Features.requireSameDimension(real.dimension(), generated.dimension());
    requireMoreThan(real.dimension());
    generated.requireCount(
        least + sizes - 1, String.format(Locale.ROOT, "%d sizes from %d on", sizes, least));
    List<Integer> measured = new ArrayList<>();
    List<Double> distances = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Tensor factor = real.factor();
      for (int i = 0; i < sizes; i++) {
        int size = least + (int) ((long) i * (generated.count() - least) / (sizes - 1));
        int[] order = seed.derive(i).permutation(generated.count());
        Features subset = generated.choose(Arrays.copyOf(order, size));
        measured.add(size);
        distances.add(FrechetDistance.between(real, factor, GaussianStatistics.of(subset)));
      }
    }
    return Line.through(measured, distances);
  }

  private void requireMoreThan(int dimension) {
    if (least <= dimension) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the distance at infinity: subsets from %d samples on, of %d features, do not lie on a line; allowed: subsets of more samples than features",
              least,
              dimension));
    }
  }

  /**
   * Returns the distance at infinity with its interval.
   *
   * @throws IllegalArgumentException as {@link #between}
   */
  public IntervalEstimate estimate(GaussianStatistics real, Features generated, Seed seed) {
    Line line = between(real, generated, seed);
    double deviation =
        FrechetInfluence.deviation(generated, GaussianStatistics.of(generated), real);
    double error = line.standardError(deviation, generated.count());
    return new IntervalEstimate(
        line.atInfinity(),
        Interval.normal(line.atInfinity(), error),
        String.format(Locale.ROOT, "influence of each sample, %d sizes from %d on", sizes, least));
  }
}
