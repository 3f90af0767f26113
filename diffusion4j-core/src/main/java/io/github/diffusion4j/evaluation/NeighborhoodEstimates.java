package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Precision, recall, density and coverage of generated samples against fixed real ones, with
 * intervals for other sets of as many generated samples.
 *
 * <p>Against fixed balls of real samples each generated one is a trial of its own, which gives the
 * intervals of precision and density. Recall and coverage see the generated set as a whole; their
 * errors come from leaving out one tenth of it at a time (the jackknife). Near 0 and 1 that finds
 * no error at all, so these intervals are never shorter than Wilson's with as many trials as are
 * independent of each other.
 */
public final class NeighborhoodEstimates {
  private static final int GROUPS = 10;

  private final Features real;
  private final Features generated;
  private final int[][] groups;

  /**
   * Prepares estimates.
   *
   * @param seed decides which generated samples are left out together
   * @throws IllegalArgumentException if the dimensions differ or there are fewer than twenty
   *     generated samples
   */
  public NeighborhoodEstimates(Features real, Features generated, Seed seed) {
    Features.requireComparable(real, generated);
    generated.requireCount(2 * GROUPS, "neighborhoods with intervals");
    this.real = real;
    this.generated = generated;
    int[] order = seed.derive("groups").permutation(generated.count());
    this.groups = new int[GROUPS][];
    for (int g = 0; g < GROUPS; g++) {
      groups[g] = Arrays.copyOfRange(order, cut(g, order.length), cut(g + 1, order.length));
    }
  }

  private static int cut(int group, int count) {
    return (int) ((long) group * count / GROUPS);
  }

  /** Returns the share of generated samples that lie in the ball of a real one. */
  public IntervalEstimate precision(int neighbors) {
    double share = PrecisionRecall.share(generated, real, neighbors);
    int hits = (int) Math.rint(share * generated.count());
    return new IntervalEstimate(share, Interval.ofShare(hits, generated.count()), "Wilson's");
  }

  /** Returns the share of real samples that lie in the ball of a generated one. */
  public IntervalEstimate recall(int neighbors) {
    return jackknife(
        PrecisionRecall.share(real, generated, neighbors),
        independentInRecall(neighbors),
        left -> PrecisionRecall.share(real, generated.choose(without(left)), neighbors));
  }

  /** Returns in how many balls of real samples a generated one lies, divided by k, on average. */
  public IntervalEstimate density(int neighbors) {
    int[] balls = Neighborhoods.of(real, neighbors).of(generated).open();
    double[] each = Arrays.stream(balls).mapToDouble(b -> (double) b / neighbors).toArray();
    double mean = Arrays.stream(each).average().orElseThrow();
    return new IntervalEstimate(
        mean,
        Interval.ofMean(each).within(0, Double.MAX_VALUE).hull(ofHits(mean, positive(balls))),
        "mean of independent samples, and Wilson's");
  }

  /**
   * Density is the share of samples in any ball, times their mean; if no sample is in a ball, a
   * mean of 1 is assumed, which real samples have.
   */
  private Interval ofHits(double mean, int hits) {
    int trials = generated.count();
    double meanOfHits = hits > 0 ? mean * trials / hits : 1;
    return Interval.ofShare(hits, trials).times(meanOfHits);
  }

  /** Returns the share of real samples in whose ball lies a generated one. */
  public IntervalEstimate coverage(int neighbors) {
    Neighborhoods balls = Neighborhoods.of(real, neighbors);
    int[] reaching = new int[real.count()]; // how many groups reach each ball
    boolean[][] reached = new boolean[GROUPS][];
    for (int g = 0; g < GROUPS; g++) {
      reached[g] = balls.of(generated.choose(groups[g])).reached();
      for (int j = 0; j < reaching.length; j++) {
        reaching[j] += reached[g][j] ? 1 : 0;
      }
    }
    return jackknife(
        (double) positive(reaching) / reaching.length,
        real.count(),
        left -> {
          int others = 0;
          for (int j = 0; j < reaching.length; j++) {
            others += reaching[j] > (reached[left][j] ? 1 : 0) ? 1 : 0;
          }
          return (double) others / reaching.length;
        });
  }

  /**
   * A ball of a generated sample holds k generated ones, and where both distributions agree k / N
   * of the real ones, whose answers are one. So of M real samples min(M, N / k) are independent.
   */
  private double independentInRecall(int neighbors) {
    return Math.min(real.count(), (double) generated.count() / neighbors);
  }

  private static IntervalEstimate jackknife(
      double share, double independent, IntToDoubleFunction withoutGroup) {
    double[] parts = new double[GROUPS];
    Arrays.setAll(parts, withoutGroup);
    double mean = Arrays.stream(parts).average().orElseThrow();
    double squares = Arrays.stream(parts).map(part -> (part - mean) * (part - mean)).sum();
    double error = Math.sqrt((GROUPS - 1.0) / GROUPS * squares);
    return new IntervalEstimate(
        share,
        Interval.student(share, error, GROUPS - 1)
            .within(0, 1)
            .hull(Interval.ofShare(share, independent)),
        String.format(Locale.ROOT, "jackknife, %d groups, and Wilson's", GROUPS));
  }

  private int[] without(int left) {
    return IntStream.range(0, GROUPS)
        .filter(group -> group != left)
        .flatMap(group -> Arrays.stream(groups[group]))
        .sorted()
        .toArray();
  }

  private static int positive(int... counts) {
    return (int) Arrays.stream(counts).filter(count -> count > 0).count();
  }
}
