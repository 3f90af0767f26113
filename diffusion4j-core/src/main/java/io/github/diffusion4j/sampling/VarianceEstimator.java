package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/**
 * Measures the best variance of the reverse steps on data, without any training ([Analytic-DPM]):
 * data are made noisy, and the mean square of the noise that the denoiser sees in them tells how
 * sure it is of x₀.
 *
 * @param schedule the process
 * @param times the times at which to look; a sampler that visits the same ones has the measured
 *     variance, and one that visits others one that is interpolated
 * @param largest the largest variance that the data can have; 1 for data in [−1, 1]
 */
public record VarianceEstimator(NoiseSchedule schedule, SubSequence times, double largest) {

  /**
   * Returns the variance, measured with one evaluation for each time.
   *
   * @param denoiser unclipped, as a clipped estimate is no longer that of the noise
   * @param x0 data, [N, …]
   * @param seed the root of the noise that is added
   */
  public AnalyticVariance estimate(Denoiser denoiser, Tensor x0, Seed seed) {
    double[] measured = new double[times.length()];
    try (NoGrad off = NoGrad.open()) {
      for (int s = 1; s <= times.length(); s++) {
        measured[s - 1] = meanSquareNoise(denoiser, x0, times.t(s), seed);
      }
    }
    NoiseSchedule visited = schedule.shortenedTo(times);
    return spread(AnalyticVariance.of(visited, largest, measured).varianceOfX0());
  }

  private double meanSquareNoise(Denoiser denoiser, Tensor x0, int t, Seed seed) {
    try (Scope scope = Scope.open()) {
      NoiseLevel level = schedule.level(t);
      Tensor epsilon = seed.derive(t).normal(x0.shape()).to(x0.type());
      Tensor xt = BatchLevels.same(level, x0).mix(x0, epsilon);
      return denoiser.estimate(xt, level).epsilonHat().square().mean().item();
    }
  }

  /** The variance of x₀ at all times: linear between two looks, constant before and behind. */
  private AnalyticVariance spread(double[] measured) {
    double[] all = new double[schedule.steps()];
    int s = 1;
    for (int t = 1; t <= all.length; t++) {
      while (s < times.length() && times.t(s) < t) {
        s++;
      }
      int before = times.t(s - 1);
      int after = times.t(s);
      double part = Math.min(1, (double) (t - before) / (after - before));
      double last = measured[s - 1];
      all[t - 1] = s == 1 ? last : measured[s - 2] + part * (last - measured[s - 2]);
    }
    return AnalyticVariance.of(all);
  }
}
