package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** Draws the times at which a batch is looked at. */
@FunctionalInterface
public interface TimestepSampler extends AutoCloseable {
  /** Returns {@code count} times, each in 1…T. */
  int[] draw(int count, Seed seed);

  /** Returns the factors that make up for how often the times {@code t} are drawn now. */
  default double[] weights(int... t) {
    double[] ones = new double[t.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Hears the losses [N] of samples at the times {@code t}, before weights. */
  default void observe(int[] t, Tensor losses) {}

  /**
   * Returns what later draws depend on, by name; it is the sampler's own memory, so writing into it
   * restores a state.
   */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  /** Frees the memory of {@link #state}. */
  @Override
  default void close() {}

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

  /**
   * The time of {@code schedule} with the nearest ln σ, for ln σ drawn from a normal distribution
   * ([EDM]); what lies outside the schedule becomes its first or last time.
   *
   * @param mean mean of ln σ
   * @param deviation its standard deviation
   */
  static TimestepSampler logNormal(NoiseSchedule schedule, double mean, double deviation) {
    ScheduleCurve curve = new ScheduleCurve(schedule);
    return (count, seed) -> {
      double[] normal;
      try (Scope scope = Scope.open()) {
        normal = seed.normal(count).toDoubles();
      }
      return Arrays.stream(normal)
          .mapToInt(z -> (int) Math.rint(curve.atSigma(Math.exp(mean + deviation * z)).t()))
          .toArray();
    };
  }
}
