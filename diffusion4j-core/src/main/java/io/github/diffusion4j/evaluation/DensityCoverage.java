package io.github.diffusion4j.evaluation;

import java.util.Arrays;

/**
 * Density and coverage ([DC]): precision and recall that one outlier does not change. Both use the
 * balls of the real samples only, without their surfaces.
 *
 * @param density in how many balls of real samples a generated one lies, on average, divided by k;
 *     about 1 for two sets of one law, and not bounded by 1
 * @param coverage the share of real samples in whose ball lies a generated one
 */
public record DensityCoverage(double density, double coverage) {
  /** The number of neighbors in published numbers. */
  public static final int USUAL_NEIGHBORS = 5;

  /**
   * Measures both.
   *
   * @param neighbors k, from 1 on, below the number of real samples
   * @throws IllegalArgumentException if there are too few real samples, or the dimensions differ
   */
  public static DensityCoverage of(Features real, Features generated, int neighbors) {
    Features.requireComparable(real, generated);
    Neighborhoods.Membership membership = Neighborhoods.of(real, neighbors).of(generated);
    double balls = Arrays.stream(membership.open()).average().orElseThrow();
    int reached = 0;
    for (boolean one : membership.reached()) {
      reached += one ? 1 : 0;
    }
    return new DensityCoverage(balls / neighbors, (double) reached / real.count());
  }
}
