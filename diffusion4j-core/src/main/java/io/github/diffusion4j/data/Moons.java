package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.SplittableRandom;

/**
 * Two half circles that reach into each other.
 *
 * <pre>
 *  upper: (cos θ, sin θ),   lower: (1 − cos θ, 1/2 − sin θ),   θ uniform in [0, π]
 *  x = (⋅ − (1/2, 1/4)) / 1.5 + 0.04 z,   z ~ N(0, I) </pre>
 */
final class Moons implements PointDistribution {
  private static final double SCALE = 1.5;
  private static final double NOISE = 0.04;

  @Override
  public int dimensions() {
    return 2;
  }

  @Override
  public double[] point(SplittableRandom random) {
    double theta = Math.PI * random.nextDouble();
    boolean upper = random.nextBoolean();
    double x = upper ? StrictMath.cos(theta) : 1 - StrictMath.cos(theta);
    double y = upper ? StrictMath.sin(theta) : 0.5 - StrictMath.sin(theta);
    return new double[] {
      (x - 0.5) / SCALE + NOISE * Seed.normal(random),
      (y - 0.25) / SCALE + NOISE * Seed.normal(random)
    };
  }
}
