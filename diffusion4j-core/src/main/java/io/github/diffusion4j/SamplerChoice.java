package io.github.diffusion4j;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.training.FromConfig;

/** Makes the sampler that a configuration describes. */
final class SamplerChoice {
  private SamplerChoice() {}

  static Sampler of(SamplingConfig sampling, ProcessConfig process, ReverseVariance variance) {
    NoiseSchedule schedule = FromConfig.schedule(process.schedule());
    SubSequence tau = steps(sampling, schedule.steps());
    return switch (sampling.sampler()) {
      case DDPM -> new DdpmSampler(schedule, tau, variance);
      case DDIM -> new DdimSampler(schedule, tau, sampling.eta());
    };
  }

  /** Returns the steps that are visited. */
  static SubSequence steps(SamplingConfig sampling, int steps) {
    if (sampling.steps() > steps) {
      throw new UserException(
          "sampling.steps is %d; allowed: 1…%d, the steps of the model's schedule"
              .formatted(sampling.steps(), steps));
    }
    return switch (sampling.spacing()) {
      case LEADING -> SubSequence.leading(steps, sampling.steps());
      case TRAILING -> SubSequence.trailing(steps, sampling.steps());
      case LINSPACE -> SubSequence.linspace(steps, sampling.steps());
    };
  }
}
