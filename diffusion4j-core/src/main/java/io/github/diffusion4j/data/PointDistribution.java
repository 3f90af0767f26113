package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.SplittableRandom;

/** A distribution of points in the plane or on a line, about as large as [−1, 1] in each number. */
public interface PointDistribution {
  /** Returns D, how many numbers a point has. */
  int dimensions();

  /** Returns the next point, D numbers. */
  double[] point(SplittableRandom random);

  /** Returns independent points; the first of many are the same as the first of a few. */
  default PointDataset draw(int count, Seed seed) {
    SplittableRandom random = seed.random();
    float[] values = new float[Math.multiplyExact(count, dimensions())];
    for (int i = 0; i < values.length; ) {
      for (double value : point(random)) {
        values[i++] = (float) value;
      }
    }
    return new PointDataset(values, dimensions());
  }
}
