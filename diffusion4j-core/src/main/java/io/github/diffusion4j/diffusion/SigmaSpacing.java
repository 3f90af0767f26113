package io.github.diffusion4j.diffusion;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Ways to space noise levels by σ between the largest and the smallest. */
public final class SigmaSpacing {
  private static final double RHO = 7;
  private static final SymmetricBeta AT_BOTH_ENDS = new SymmetricBeta(0.6);

  private SigmaSpacing() {}

  /**
   * Returns {@code count} values, closer to each other where there is little noise ([EDM]).
   *
   * <pre>
   *  σᵢ = (largest^(1/ρ) + i / (count − 1) · (smallest^(1/ρ) − largest^(1/ρ)))^ρ,  ρ = 7 </pre>
   */
  public static double[] karras(int count, double smallest, double largest) {
    return karras(count, smallest, largest, RHO);
  }

  /**
   * The same with another ρ; 1 is equal distances.
   *
   * @param rho above 0
   */
  public static double[] karras(int count, double smallest, double largest, double rho) {
    return spaced(
        count,
        smallest,
        largest,
        sigma -> Math.pow(sigma, 1 / rho),
        root -> Math.pow(root, rho),
        even -> even);
  }

  /**
   * Returns {@code count} values at equal distances of ln σ, and so of the solvers' λ; diffusers
   * has them under two names, exponential and lu.
   */
  public static double[] exponential(int count, double smallest, double largest) {
    return spaced(count, smallest, largest, Math::log, Math::exp, even -> even);
  }

  /**
   * Returns {@code count} values that crowd at both ends: the quantiles, at equal distances, of the
   * distribution Beta(0.6, 0.6) stretched over the range.
   */
  public static double[] beta(int count, double smallest, double largest) {
    return spaced(count, smallest, largest, sigma -> sigma, sigma -> sigma, AT_BOTH_ENDS::quantile);
  }

  /** Distances of {@code to(σ)} as {@code ramp} has them, from the largest σ to the smallest. */
  private static double[] spaced(
      int count,
      double smallest,
      double largest,
      DoubleUnaryOperator to,
      DoubleUnaryOperator from,
      DoubleUnaryOperator ramp) {
    if (count < 1 || !(smallest > 0 && smallest < largest && largest < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "count is %d and σ from %s to %s; allowed: 1 or more, and 0 < smallest < largest",
              count,
              largest,
              smallest));
    }
    double first = to.applyAsDouble(largest);
    double whole = to.applyAsDouble(smallest) - first;
    return IntStream.range(0, count)
        .mapToDouble(i -> count == 1 ? 0 : ramp.applyAsDouble((double) i / (count - 1)))
        .map(part -> from.applyAsDouble(first + part * whole))
        .toArray();
  }
}
