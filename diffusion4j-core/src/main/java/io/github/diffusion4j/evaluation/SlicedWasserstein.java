package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The squared sliced Wasserstein distance of order 2 between two sets of points ([SW]): the mean,
 * over random directions θ, of the squared Wasserstein distance between their projections.
 *
 * <pre>
 *   SW² = mean over θ of 1/N Σᵢ (aθ₍ᵢ₎ − bθ₍ᵢ₎)²,   aθ₍₁₎ ≤ aθ₍₂₎ ≤ … the numbers θ · a in order
 * </pre>
 *
 * <p>On a line the cheapest way to carry one set to the other keeps the order, so each projected
 * distance is exact; only the mean over directions is estimated. Two finite sets of one law are
 * some way apart; compare with that, at the same N.
 *
 * @param directions how many directions
 * @param seed decides which
 */
public record SlicedWasserstein(int directions, Seed seed) {

  private static final int AT_ONCE = 32; // so that large sets do not need memory for all lines

  /** Refuses fewer than two directions, of which no error could be estimated. */
  public SlicedWasserstein {
    if (directions < 2) {
      throw new IllegalArgumentException("directions is " + directions + "; allowed: 2 or more");
    }
  }

  /**
   * Returns the squared distance; the standard error is that of the choice of directions.
   *
   * @param a points [N, D]
   * @param b as many points [N, D]
   * @throws IllegalArgumentException if the sets differ in size or dimension
   */
  public Measured squaredDistance(Tensor a, Tensor b) {
    PointSets.requireAlike(a, b);
    double[] squared = new double[directions];
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor theta = seed.normal(directions, a.size(1)).like(a);
      Tensor units = theta.dividedBy(theta.square().sum(1).sqrt().reshape(-1, 1));
      for (int first = 0; first < directions; first += AT_ONCE) {
        try (Scope some = Scope.open()) {
          Tensor lines = units.narrow(0, first, Math.min(AT_ONCE, directions - first));
          double[] distances =
              onLines(lines.matmul(a.permute(1, 0)), lines.matmul(b.permute(1, 0)));
          System.arraycopy(distances, 0, squared, first, distances.length);
        }
      }
    }
    double mean = Arrays.stream(squared).average().orElseThrow();
    double variance =
        Arrays.stream(squared).map(d -> (d - mean) * (d - mean)).sum() / (directions - 1);
    return new Measured(mean, Math.sqrt(variance / directions));
  }

  /** The squared distance for each row of two tensors [rows, N]. */
  private static double[] onLines(Tensor onA, Tensor onB) {
    int rows = (int) onA.size(0);
    int points = (int) onA.size(1);
    double[] a = onA.toDoubles();
    double[] b = onB.toDoubles();
    return IntStream.range(0, rows)
        .parallel()
        .mapToDouble(row -> onALine(a, b, row * points, (row + 1) * points))
        .toArray();
  }

  /** Sorts one row of each, in place, and compares. */
  private static double onALine(double[] a, double[] b, int from, int to) {
    Arrays.sort(a, from, to);
    Arrays.sort(b, from, to);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum / (to - from);
  }
}
