package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.SplittableRandom;

/**
 * A rolled-up line, sparser outside.
 *
 * <pre>  x = θ / (4.5 π) · (cos θ, sin θ) + 0.03 z,   θ uniform in [1.5 π, 4.5 π],   z ~ N(0, I)
 * </pre>
 */
final class SwissRoll implements PointDistribution {
  private static final double FIRST = 1.5 * Math.PI;
  private static final double LAST = 4.5 * Math.PI;
  private static final double NOISE = 0.03;

  @Override
  public int dimensions() {
    return 2;
  }

  @Override
  public double[] point(SplittableRandom random) {
    double theta = FIRST + (LAST - FIRST) * random.nextDouble();
    double radius = theta / LAST;
    return new double[] {
      radius * StrictMath.cos(theta) + NOISE * Seed.normal(random),
      radius * StrictMath.sin(theta) + NOISE * Seed.normal(random)
    };
  }
}
