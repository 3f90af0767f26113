package io.github.diffusion4j.cli;

import io.github.diffusion4j.Samplers;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.evaluation.SlicedWasserstein;
import io.github.diffusion4j.sampling.FlowError;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;

/** One mixture of three Gaussians in the plane, on which every sampler has to show itself. */
final class SamplerTrial {
  /** Samplers of fixed steps that follow the probability-flow equation. */
  static final Set<Sampler> DETERMINISTIC =
      EnumSet.of(
          Sampler.EULER,
          Sampler.HEUN,
          Sampler.LMS,
          Sampler.PNDM,
          Sampler.PLMS,
          Sampler.DPM_PLUS_PLUS_2M,
          Sampler.DPM_PLUS_PLUS_3M,
          Sampler.DPM_PLUS_PLUS_2S,
          Sampler.DPM_PLUS_PLUS_3S,
          Sampler.UNIPC,
          Sampler.DEIS,
          Sampler.KDPM2,
          Sampler.IPNDM);

  private static final Set<Sampler> FOLLOW_THE_FLOW = withAdaptive();
  private static final GaussianMixture DATA =
      GaussianMixture.of(
          Component.of(0.3, 0.01, -0.7, -0.2),
          Component.of(0.5, 0.04, 0.5, -0.3),
          Component.of(0.2, 0.0225, 0.1, 0.7));
  private static final double SMALLEST_SIGMA = 0.02;
  private static final double LARGEST_SIGMA = 80;
  private static final int PROJECTIONS = 100;
  private static final int POINTS = 256;

  private final FlowError smooth = new FlowError(DATA, smooth(1), POINTS, Seed.of(1));
  private final FlowError flow;
  private final ProcessConfig process;
  private final int count;

  /**
   * A trial on a schedule.
   *
   * @param count samples whose law is compared
   */
  SamplerTrial(ScheduleConfig schedule, int count) {
    this.process =
        new ProcessConfig(
            schedule,
            ProcessConfig.PredictionTarget.EPSILON,
            ProcessConfig.VarianceChoice.BETA_TILDE,
            ProcessConfig.X0Range.UNBOUNDED);
    NoiseSchedule levels = FromConfig.schedule(schedule);
    NoiseGrid ends = NoiseGrid.of(levels, SubSequence.trailing(levels.steps(), 1));
    this.flow = new FlowError(DATA, ends, POINTS, Seed.of(1));
    this.count = count;
  }

  private static Set<Sampler> withAdaptive() {
    Set<Sampler> all = EnumSet.copyOf(DETERMINISTIC);
    all.add(Sampler.DDIM);
    all.add(Sampler.RK45);
    return all;
  }

  /** Returns the slope of the logarithm of the error between 256 and 512 steps. */
  OptionalDouble order(Sampler sampler) {
    if (!DETERMINISTIC.contains(sampler)) {
      return OptionalDouble.empty();
    }
    double ratio = smoothError(sampler, 256) / smoothError(sampler, 512);
    return OptionalDouble.of(Math.log(ratio) / Math.log(2));
  }

  /** Returns the distance from the exact flow with steps equal in ln σ, in continuous time. */
  double smoothError(Sampler sampler, int steps) {
    return smooth.of(Samplers.on(smooth(steps), sampler));
  }

  private static NoiseGrid smooth(int steps) {
    VariancePreserving curve = VariancePreserving.ddpm();
    double[] sigmas = SigmaSpacing.exponential(steps + 1, SMALLEST_SIGMA, LARGEST_SIGMA);
    NoiseLevel[] cleanestFirst = new NoiseLevel[steps + 1];
    for (int s = 0; s <= steps; s++) {
      cleanestFirst[s] = curve.atSigma(sigmas[steps - s]);
    }
    return NoiseGrid.of(curve, cleanestFirst);
  }

  /** Returns the distance from the exact flow as in use: on the schedule, to a clean image. */
  OptionalDouble flow(Sampler sampler, int steps) {
    return FOLLOW_THE_FLOW.contains(sampler)
        ? OptionalDouble.of(flow.of(Samplers.of(sampling(sampler, steps), process)))
        : OptionalDouble.empty();
  }

  /** Returns the sliced Wasserstein distance between samples and fresh data. */
  double law(Sampler sampler, int steps) {
    try (Scope scope = Scope.open()) {
      Tensor samples =
          Samplers.of(sampling(sampler, steps), process)
              .sample(
                  new MixtureDenoiser(DATA),
                  new PointNoise(Seed.of(2), 0),
                  SamplingListener.NONE,
                  count,
                  DATA.dimensions());
      return distance(samples, DATA.sample(count, Seed.of(3)));
    }
  }

  /** Returns the distance of two samples of the data, below which no difference can be seen. */
  double floor() {
    try (Scope scope = Scope.open()) {
      return distance(DATA.sample(count, Seed.of(4)), DATA.sample(count, Seed.of(3)));
    }
  }

  private static double distance(Tensor samples, Tensor data) {
    return Math.sqrt(
        new SlicedWasserstein(PROJECTIONS, Seed.of(5))
            .squaredDistance(samples.to(DType.F64), data.to(DType.F64))
            .value());
  }

  private static SamplingConfig sampling(Sampler sampler, int steps) {
    return new SamplingConfig(sampler, steps, 0, Spacing.suiting(sampler));
  }
}
