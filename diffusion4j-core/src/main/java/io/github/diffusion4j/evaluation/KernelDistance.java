package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The squared maximum mean discrepancy of features under a cubic kernel ([KID]), unbiased: its mean
 * is 0 for two sets of one law, whatever their size, so it may be negative.
 *
 * <pre>
 *  k(x, y) = (x·y / D + 1)³
 *  MMD² = 1/(N(N−1)) Σ_{i≠j} k(aᵢ, aⱼ) + 1/(M(M−1)) Σ_{i≠j} k(bᵢ, bⱼ) − 2/(N M) Σ_{i,j} k(aᵢ, bⱼ)
 * </pre>
 *
 * <p>Published numbers are means over random subsets of both sets. With features of the Inception
 * network the number is called KID; with any other features it is not.
 *
 * @param subsets how many subsets are drawn
 * @param size how many samples of each set are in a subset, drawn without replacement
 */
public record KernelDistance(int subsets, int size) {
  private static final int ROWS = 1024; // so that the kernel of large sets is never held at once

  private static final int BLOCKS = 10;

  /** 100 subsets of 1000 samples, as most published numbers have. */
  public static final KernelDistance USUAL = new KernelDistance(100, 1000);

  /** Refuses no subsets and those that have no pairs. */
  public KernelDistance {
    if (subsets < 1 || size < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d subsets of %d samples; allowed: 1 or more of 2 or more",
              subsets,
              size));
    }
  }

  /**
   * Returns MMD² of each of the subsets that {@code seed} draws.
   *
   * @throws IllegalArgumentException if a set is smaller than the subsets, or the dimensions differ
   */
  public Spread between(Features a, Features b, Seed seed) {
    a.requireCount(size, "subsets of " + size);
    b.requireCount(size, "subsets of " + size);
    return between(a, b, drawn(a, seed.derive("first")), drawn(b, seed.derive("second")));
  }

  /**
   * Returns MMD² of each of given subsets.
   *
   * @param ofA numbers of samples of {@code a}, from 0 on, one list for each subset
   * @param ofB as many lists for {@code b}
   * @throws IllegalArgumentException if there are not as many, or the dimensions differ
   */
  public static Spread between(Features a, Features b, List<int[]> ofA, List<int[]> ofB) {
    if (ofA.size() != ofB.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d subsets of the first set and %d of the second; allowed: as many",
              ofA.size(),
              ofB.size()));
    }
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < ofA.size(); i++) {
      values.add(between(a.choose(ofA.get(i)), b.choose(ofB.get(i))));
    }
    return new Spread(values);
  }

  /**
   * Returns MMD² of all samples of two sets, which need not be as large.
   *
   * @throws IllegalArgumentException if a set has fewer than two, or the dimensions differ
   */
  public static double between(Features a, Features b) {
    Features.requireComparable(a, b);
    return withinSet(a) + withinSet(b) - 2 * sum(a, b) / ((double) a.count() * b.count());
  }

  /**
   * Returns the mean over the subsets that {@code seed} draws, with an interval from disjoint
   * subsets, which are independent: {@value #BLOCKS} of them, or more where the sets are large.
   *
   * <p>The mean over all N samples has the variance σ² m / N, where σ² is that of a subset of m; a
   * mean over s subsets that are drawn has σ² (1 − m / N) / s more, since it does not see every
   * sample as often.
   *
   * @throws IllegalArgumentException if a set is smaller than the subsets or than 2 · {@value
   *     #BLOCKS}, or the dimensions differ
   */
  public IntervalEstimate estimate(Features a, Features b, Seed seed) {
    int smaller = Math.min(a.count(), b.count());
    a.requireCount(2 * BLOCKS, "an interval of the kernel distance");
    b.requireCount(2 * BLOCKS, "an interval of the kernel distance");
    double mean = between(a, b, seed).mean();
    int block = Math.min(size, smaller / BLOCKS);
    Spread disjoint =
        between(
            a,
            b,
            cut(seed.derive("blocks of first").permutation(a.count()), block, smaller / block),
            cut(seed.derive("blocks of second").permutation(b.count()), block, smaller / block));
    int values = disjoint.values().size();
    double ofBlock = disjoint.deviation() * disjoint.deviation() * values / (values - 1.0);
    double ofSubset = ofBlock * block / size;
    double drawing = ofSubset * (1 - (double) size / smaller) / subsets;
    return new IntervalEstimate(
        mean,
        Interval.student(mean, Math.sqrt(ofBlock / values + drawing), values - 1),
        String.format(Locale.ROOT, "%d disjoint subsets of %d", values, block));
  }

  private static List<int[]> cut(int[] order, int block, int count) {
    List<int[]> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(Arrays.copyOfRange(order, i * block, (i + 1) * block));
    }
    return blocks;
  }

  private List<int[]> drawn(Features set, Seed seed) {
    List<int[]> drawn = new ArrayList<>();
    for (int i = 0; i < subsets; i++) {
      drawn.add(Arrays.copyOf(seed.derive(i).permutation(set.count()), size));
    }
    return drawn;
  }

  /** The mean of k over the pairs of different samples of one set. */
  private static double withinSet(Features set) {
    set.requireCount(2, "kernel distance");
    double n = set.count();
    double ofThemselves = 0;
    for (double square : set.squaredNorms()) {
      ofThemselves += Math.pow(square / set.dimension() + 1, 3);
    }
    return (sum(set, set) - ofThemselves) / (n * (n - 1));
  }

  private static double sum(Features a, Features b) {
    double sum = 0;
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor columns = b.rows().permute(1, 0);
      for (int first = 0; first < a.count(); first += ROWS) {
        try (Scope block = Scope.open()) {
          Tensor products = a.rows(first, Math.min(ROWS, a.count() - first)).matmul(columns);
          Tensor base = products.dividedBy(a.dimension()).plus(1);
          sum += base.square().times(base).sum().item();
        }
      }
    }
    return sum;
  }
}
