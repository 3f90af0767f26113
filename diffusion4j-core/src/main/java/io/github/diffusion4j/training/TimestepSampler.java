package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** Draws the times at which a batch is looked at. */
@FunctionalInterface
public interface TimestepSampler {
  /** Returns {@code count} times, each in 1…T. */
  int[] draw(int count, Seed seed);

  /** Independently and uniformly from 1…{@code steps}, as in the paper. */
  static TimestepSampler uniform(int steps) {
    return (count, seed) -> {
      SplittableRandom random = seed.random();
      int[] t = new int[count];
      Arrays.setAll(t, n -> 1 + random.nextInt(steps));
      return t;
    };
  }

  /** One from each of {@code count} equal parts of 1…T: still uniform, with less variance. */
  static TimestepSampler stratified(int steps) {
    return importance(steps, t -> 1);
  }

  /**
   * With probabilities in proportion to {@code weight}, one from each of {@code count} equally
   * probable parts: a loss without weights then has the expectation of the weighted one, divided by
   * the mean weight.
   */
  static TimestepSampler importance(int steps, IntToDoubleFunction weight) {
    double[] upTo = new double[steps + 1];
    for (int t = 1; t <= steps; t++) {
      upTo[t] = upTo[t - 1] + weight.applyAsDouble(t);
    }
    return (count, seed) -> {
      SplittableRandom random = seed.random();
      int[] t = new int[count];
      for (int n = 0; n < count; n++) {
        double u = (n + random.nextDouble()) / count * upTo[steps];
        int found = Arrays.binarySearch(upTo, u);
        t[n] = Math.min(steps, found >= 0 ? found + 1 : -found - 1);
      }
      return t;
    };
  }
}
