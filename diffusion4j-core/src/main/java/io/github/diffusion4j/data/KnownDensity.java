package io.github.diffusion4j.data;

/** A distribution of points whose density is known in closed form. */
public interface KnownDensity extends PointDistribution {
  /** Returns the density at {@code point}, which has D numbers. */
  double density(double... point);
}
