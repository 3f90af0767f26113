package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.SplittableRandom;

/**
 * Two arms that wind around the origin, one opposite the other, about equally dense along their
 * length.
 *
 * <pre>  x = ± √u (cos 3π√u, sin 3π√u) + 0.02 z,   u uniform in [0, 1],   z ~ N(0, I) </pre>
 */
final class Spiral implements PointDistribution {
  private static final double LAST = 3 * Math.PI;
  private static final double NOISE = 0.02;

  @Override
  public int dimensions() {
    return 2;
  }

  @Override
  public double[] point(SplittableRandom random) {
    double radius = Math.sqrt(random.nextDouble());
    double signed = random.nextBoolean() ? radius : -radius;
    return new double[] {
      signed * StrictMath.cos(LAST * radius) + NOISE * Seed.normal(random),
      signed * StrictMath.sin(LAST * radius) + NOISE * Seed.normal(random)
    };
  }
}
