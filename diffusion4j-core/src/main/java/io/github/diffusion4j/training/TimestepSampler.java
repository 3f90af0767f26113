package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Seed;
import java.util.SplittableRandom;

/** Draws the times at which a batch is looked at, each in 1…T. */
public enum TimestepSampler {
  /** Independently and uniformly, as in the paper. */
  UNIFORM {
    @Override
    public int[] draw(int count, int steps, Seed seed) {
      SplittableRandom random = seed.random();
      int[] t = new int[count];
      for (int n = 0; n < count; n++) {
        t[n] = 1 + random.nextInt(steps);
      }
      return t;
    }
  },
  /** One from each of {@code count} equal parts of 1…T: still uniform, with less variance. */
  STRATIFIED {
    @Override
    public int[] draw(int count, int steps, Seed seed) {
      SplittableRandom random = seed.random();
      int[] t = new int[count];
      for (int n = 0; n < count; n++) {
        double u = (n + random.nextDouble()) / count;
        t[n] = Math.min(steps, 1 + (int) (u * steps));
      }
      return t;
    }
  };

  /** Returns {@code count} times in 1…{@code steps}. */
  public abstract int[] draw(int count, int steps, Seed seed);
}
