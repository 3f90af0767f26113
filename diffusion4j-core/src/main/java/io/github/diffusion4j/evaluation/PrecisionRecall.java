package io.github.diffusion4j.evaluation;

/**
 * Improved precision and recall ([PR]): how much of what was generated is realistic, and how much
 * of what is real can be generated.
 *
 * @param precision the share of generated samples that lie in the ball of a real one, surface
 *     included; the ball around a sample reaches its k-th nearest neighbor in its own set
 * @param recall the share of real samples that lie in the ball of a generated one
 */
public record PrecisionRecall(double precision, double recall) {
  /** The number of neighbors in published numbers. */
  public static final int USUAL_NEIGHBORS = 3;

  /**
   * Measures both.
   *
   * @param neighbors k, from 1 on, below the size of either set
   * @throws IllegalArgumentException if a set is too small, or the dimensions differ
   */
  public static PrecisionRecall of(Features real, Features generated, int neighbors) {
    Features.requireComparable(real, generated);
    return new PrecisionRecall(
        share(generated, real, neighbors), share(real, generated, neighbors));
  }

  /** The share of points that lie in a ball around a center, surfaces included. */
  static double share(Features points, Features centers, int neighbors) {
    return (double) Neighborhoods.of(centers, neighbors).of(points).inside() / points.count();
  }
}
