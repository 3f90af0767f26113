package io.github.diffusion4j.diffusion;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** The schedule in which ᾱ falls like a squared cosine, so that noise grows evenly. */
public final class CosineSchedule {
  private static final double OFFSET = 0.008;

  private CosineSchedule() {}

  /**
   * Returns the cosine schedule with T = {@code steps}, [iDDPM Eq. 17].
   *
   * <pre>  ᾱₜ = f(t) / f(0),  f(t) = cos²((t / T + s) / (1 + s) · π / 2),  s = 0.008,  β ≤ 0.999
   * </pre>
   */
  public static NoiseSchedule of(int steps) {
    return fromAlphaBar(
        steps,
        u -> {
          double cosine = Math.cos((u + OFFSET) / (1 + OFFSET) * Math.PI / 2);
          return cosine * cosine;
        });
  }

  /** The variances of a continuous curve ᾱ(u), u = t / T, held at 0.999. */
  static NoiseSchedule fromAlphaBar(int steps, DoubleUnaryOperator curve) {
    return fromAlphaBar(steps, curve, NoiseSchedule.LARGEST_BETA);
  }

  /** The same, held elsewhere; a constant factor in the curve cancels out. */
  static NoiseSchedule fromAlphaBar(int steps, DoubleUnaryOperator curve, double largestBeta) {
    return NoiseSchedule.ofBetas(
        IntStream.rangeClosed(1, steps)
            .mapToDouble(
                t -> {
                  double now = curve.applyAsDouble((double) t / steps);
                  double before = curve.applyAsDouble((t - 1.0) / steps);
                  return Math.min(1 - now / before, largestBeta);
                })
            .toArray());
  }
}
