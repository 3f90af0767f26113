package io.github.diffusion4j.evaluation;

/**
 * The squared Fréchet distance of features that still know where in the image they are ([sFID]). It
 * sees whether parts of an image are where they belong, which features of whole images forget. With
 * those of the Inception network it is called sFID.
 */
public final class SpatialDistance {
  private SpatialDistance() {}

  /**
   * Returns the distance, at least 0.
   *
   * @throws IllegalArgumentException if a side has no spatial statistics, as those of networks
   *     other than Inception, or the dimensions differ
   */
  public static double between(ReferenceStatistics first, ReferenceStatistics second) {
    return FrechetDistance.between(spatial(first), spatial(second));
  }

  private static GaussianStatistics spatial(ReferenceStatistics statistics) {
    return statistics
        .spatial()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "these statistics have no spatial features; allowed: those with mu_s and sigma_s"));
  }
}
