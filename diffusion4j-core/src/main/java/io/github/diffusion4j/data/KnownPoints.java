package io.github.diffusion4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Distributions of points that can be named: small enough to see all of a diffusion model. */
public enum KnownPoints implements PointDistribution {
  /** Two half circles that reach into each other; in the plane. */
  MOONS("moons", new Moons()),
  /** A rolled-up line; in the plane. */
  SWISS_ROLL("swiss-roll", new SwissRoll()),
  /** Eight Gaussians on a circle; in the plane, with a known density. */
  EIGHT_GAUSSIANS("eight-gaussians", GaussianPoints.eight()),
  /** Two arms around the origin; in the plane. */
  SPIRAL("spiral", new Spiral()),
  /** The dark squares of a board; in the plane, with a known density. */
  CHECKERBOARD("checkerboard", new Checkerboard()),
  /** Two Gaussians on a line, with a known density. */
  TWO_GAUSSIANS("two-gaussians", GaussianPoints.two()),
  /** Three Gaussians on a line, with a known density. */
  THREE_GAUSSIANS("three-gaussians", GaussianPoints.three());

  private final String id;

  @SuppressWarnings("ImmutableEnumChecker") // all of them are values without state
  private final PointDistribution distribution;

  KnownPoints(String id, PointDistribution distribution) {
    this.id = id;
    this.distribution = distribution;
  }

  /** Returns the distribution with this name on the command line, such as {@code swiss-roll}. */
  public static Optional<KnownPoints> named(String id) {
    return Arrays.stream(values()).filter(known -> known.id.equals(id)).findFirst();
  }

  /** Returns the names of the distributions of points with {@code dimensions} numbers. */
  public static List<String> names(int dimensions) {
    return Arrays.stream(values())
        .filter(known -> known.dimensions() == dimensions)
        .map(KnownPoints::id)
        .toList();
  }

  /** Returns the name on the command line. */
  public String id() {
    return id;
  }

  /** Returns the distribution as one with a density, if that is known in closed form. */
  public Optional<KnownDensity> density() {
    return distribution instanceof KnownDensity known ? Optional.of(known) : Optional.empty();
  }

  @Override
  public int dimensions() {
    return distribution.dimensions();
  }

  @Override
  public double[] point(SplittableRandom random) {
    return distribution.point(random);
  }
}
