package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A mixture of round Gaussians, p(x) = Σₖ wₖ N(x; mₖ, sₖ² I).
 *
 * @param clusters the Gaussians; their weights add up to 1 and all have the same dimension
 */
public record GaussianPoints(List<Cluster> clusters) implements KnownDensity {
  private static final double ROUNDING = 1e-12;

  /**
   * One Gaussian.
   *
   * @param weight w, its share of the points
   * @param mean m, D numbers
   * @param deviation s, the standard deviation in each direction
   */
  public record Cluster(double weight, List<Double> mean, double deviation) {
    /** Copies the mean and refuses negative weights and deviations not above 0. */
    public Cluster {
      mean = List.copyOf(mean);
      if (!(weight >= 0 && deviation > 0) || mean.isEmpty()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a cluster has weight %s, mean %s, deviation %s; allowed: weights from 0, some numbers, deviations above 0",
                weight,
                mean,
                deviation));
      }
    }
  }

  /** Copies the clusters and refuses those that are no distribution together. */
  public GaussianPoints {
    clusters = List.copyOf(clusters);
    double sum = clusters.stream().mapToDouble(Cluster::weight).sum();
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the weights add up to %s; allowed: 1", sum));
    }
    if (clusters.stream().mapToInt(cluster -> cluster.mean().size()).distinct().count() > 1) {
      throw new IllegalArgumentException("the means differ in length; allowed: one length");
    }
  }

  /** Eight Gaussians of deviation 0.1 and equal weight, evenly on a circle of radius 0.8. */
  static GaussianPoints eight() {
    return new GaussianPoints(
        IntStream.range(0, 8)
            .mapToObj(
                k ->
                    new Cluster(
                        1.0 / 8,
                        List.of(
                            0.8 * StrictMath.cos(k * Math.PI / 4),
                            0.8 * StrictMath.sin(k * Math.PI / 4)),
                        0.1))
            .toList());
  }

  /** On a line: at −0.6 with deviation 0.15 and, twice as heavy, at 0.5 with 0.1. */
  static GaussianPoints two() {
    return new GaussianPoints(
        List.of(
            new Cluster(1.0 / 3, List.of(-0.6), 0.15), new Cluster(2.0 / 3, List.of(0.5), 0.1)));
  }

  /** On a line: at −0.8, 0 and 0.7 with weights 0.3, 0.5, 0.2 and deviations 0.08, 0.15, 0.05. */
  static GaussianPoints three() {
    return new GaussianPoints(
        List.of(
            new Cluster(0.3, List.of(-0.8), 0.08),
            new Cluster(0.5, List.of(0.0), 0.15),
            new Cluster(0.2, List.of(0.7), 0.05)));
  }

  @Override
  public int dimensions() {
    return clusters.get(0).mean().size();
  }

  @Override
  public double[] point(SplittableRandom random) {
    Cluster cluster = cluster(random.nextDouble());
    return cluster.mean().stream()
        .mapToDouble(mean -> mean + cluster.deviation() * Seed.normal(random))
        .toArray();
  }

  private Cluster cluster(double u) {
    double upTo = 0;
    for (Cluster cluster : clusters) {
      upTo += cluster.weight();
      if (u < upTo) {
        return cluster;
      }
    }
    return clusters.get(clusters.size() - 1);
  }

  @Override
  public double density(double... point) {
    double density = 0;
    for (Cluster cluster : clusters) {
      double variance = cluster.deviation() * cluster.deviation();
      double squares = 0;
      for (int i = 0; i < point.length; i++) {
        double off = point[i] - cluster.mean().get(i);
        squares += off * off;
      }
      double normalizer = Math.pow(2 * Math.PI * variance, -point.length / 2.0);
      density += cluster.weight() * normalizer * Math.exp(-squares / (2 * variance));
    }
    return density;
  }
}
