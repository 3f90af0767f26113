package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * The squared maximum mean discrepancy between two sets of points ([MMD]), unbiased: its mean is 0
 * for two sets of one law, so it may be negative.
 *
 * <pre>
 *  MMD² = 1/(N(N−1)) Σ_{i≠j} h_ij,   h_ij = k(aᵢ, aⱼ) + k(bᵢ, bⱼ) − k(aᵢ, bⱼ) − k(aⱼ, bᵢ)
 *  k(x, y) = mean over the bandwidths s of exp(−|x − y|² / 2s²) </pre>
 *
 * <p>The bandwidths are fixed, not fitted to the points, so that numbers of different sets can be
 * compared. The standard error is that of a sum over pairs of points: with ζ₁ the variance of the
 * mean of h over one of its two points, and ζ₂ that of h itself,
 *
 * <pre>  variance = (4 (N−2) ζ₁ + 2 ζ₂) / (N (N−1)) </pre>
 *
 * @param bandwidths s, in units of the points
 */
public record MaximumMeanDiscrepancy(List<Double> bandwidths) {
  private static final int ROWS = 100;

  /** Copies the bandwidths and refuses those not above 0, and none. */
  public MaximumMeanDiscrepancy {
    bandwidths = List.copyOf(bandwidths);
    if (bandwidths.isEmpty() || !bandwidths.stream().allMatch(s -> s > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "bandwidths are %s; allowed: one or more, above 0", bandwidths));
    }
  }

  /**
   * Returns the estimate and its standard error.
   *
   * @param a points [N, D]
   * @param b as many points [N, D]
   * @throws IllegalArgumentException if the sets differ in size or dimension
   */
  public Measured squared(Tensor a, Tensor b) {
    PointSets.requireAlike(a, b);
    long count = a.size(0);
    double[] ofRows = new double[(int) count];
    double squares = 0;
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor x = a.to(DType.F64);
      Tensor y = b.to(DType.F64);
      for (long row = 0; row < count; row += ROWS) {
        try (Scope rows = Scope.open()) {
          Tensor h = rows(x, y, row, Math.min(ROWS, count - row));
          double[] sums = h.sum(1).toDoubles();
          System.arraycopy(sums, 0, ofRows, (int) row, sums.length);
          squares += h.square().sum().item();
        }
      }
    }
    return measured(ofRows, squares);
  }

  /** Some rows of h, with 0 in place of h_ii. */
  private Tensor rows(Tensor x, Tensor y, long first, long count) {
    Tensor someX = x.narrow(0, first, count);
    Tensor someY = y.narrow(0, first, count);
    Tensor h = kernel(someX, x).plus(kernel(someY, y));
    h = h.minus(kernel(someX, y)).minus(kernel(someY, x));
    long[] self = new long[(int) count];
    for (int i = 0; i < count; i++) {
      self[i] = first + i;
    }
    Tensor column = Tensor.arange(x.size(0)).reshape(1, -1);
    Tensor distance = column.minus(Tensor.of(self, count, 1)).abs().to(DType.F64);
    return h.times(distance.clamp(0, 1));
  }

  private Tensor kernel(Tensor x, Tensor y) {
    Tensor squares = x.square().sum(1).reshape(-1, 1).plus(y.square().sum(1).reshape(1, -1));
    Tensor distance = squares.minus(x.matmul(y.permute(1, 0)).times(2)).clamp(0, Double.MAX_VALUE);
    Tensor sum = Tensor.zeros(DType.F64, 1);
    for (double s : bandwidths) {
      sum = sum.plus(distance.times(-1 / (2 * s * s)).exp());
    }
    return sum.dividedBy(bandwidths.size());
  }

  private static Measured measured(double[] ofRows, double squares) {
    double n = ofRows.length;
    double pairs = n * (n - 1);
    double mean = 0;
    for (double sum : ofRows) {
      mean += sum / pairs;
    }
    double betweenRows = 0;
    for (double sum : ofRows) {
      double off = sum / (n - 1) - mean;
      betweenRows += off * off / (n - 1);
    }
    double zeta2 = Math.max(0, squares / pairs - mean * mean);
    double zeta1 = Math.max(0, betweenRows - zeta2 / (n - 1)); // noise of the row means taken off
    return new Measured(mean, Math.sqrt((4 * (n - 2) * zeta1 + 2 * zeta2) / pairs));
  }
}
