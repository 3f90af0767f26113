package io.github.diffusion4j.sampling;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Ways to space noise levels by σ between the largest and the smallest. */
public final class SigmaSpacing {
  private static final double RHO = 7;

  private SigmaSpacing() {}

  /**
   * Returns {@code count} values, closer to each other where there is little noise ([EDM]).
   *
   * <pre>  σᵢ = (largest^(1/ρ) + i / (count − 1) · (smallest^(1/ρ) − largest^(1/ρ)))^ρ,  ρ = 7
   * </pre>
   */
  public static double[] karras(int count, double smallest, double largest) {
    return spaced(
        count, smallest, largest, sigma -> Math.pow(sigma, 1 / RHO), root -> Math.pow(root, RHO));
  }

  /**
   * Returns {@code count} values at equal distances of ln σ, and so of the solvers' λ; diffusers
   * has them under two names, exponential and lu.
   */
  public static double[] exponential(int count, double smallest, double largest) {
    return spaced(count, smallest, largest, Math::log, Math::exp);
  }

  /** Equal distances of {@code to(σ)}, from the largest σ to the smallest. */
  private static double[] spaced(
      int count,
      double smallest,
      double largest,
      DoubleUnaryOperator to,
      DoubleUnaryOperator from) {
    if (count < 1 || !(smallest > 0 && smallest < largest && largest < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "count is %d and σ from %s to %s; allowed: 1 or more, and 0 < smallest < largest"
              .formatted(count, largest, smallest));
    }
    double first = to.applyAsDouble(largest);
    double distance = count == 1 ? 0 : (to.applyAsDouble(smallest) - first) / (count - 1);
    return IntStream.range(0, count)
        .mapToDouble(i -> from.applyAsDouble(first + i * distance))
        .toArray();
  }
}
