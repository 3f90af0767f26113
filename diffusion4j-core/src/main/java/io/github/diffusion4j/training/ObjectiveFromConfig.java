package io.github.diffusion4j.training;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LossConfig;
import io.github.diffusion4j.config.LossConfig.TimestepSampling;
import io.github.diffusion4j.config.LossConfig.Weighting;
import io.github.diffusion4j.diffusion.BoundTerms;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseProcess;

/** Turns the words of a configuration about the loss into the objects they stand for. */
final class ObjectiveFromConfig {
  private final ExperimentConfig config;
  private final NoiseSchedule schedule;
  private final Prediction prediction;

  ObjectiveFromConfig(ExperimentConfig config) {
    this.config = config;
    this.schedule = FromConfig.schedule(config.process().schedule());
    this.prediction = FromConfig.prediction(config.process());
  }

  TrainingStep.Objective objective() {
    LossConfig loss = config.training().loss();
    return new TrainingStep.Objective(timesteps(loss), loss(loss), config.model().dropout());
  }

  private Loss loss(LossConfig loss) {
    if (loss instanceof LossConfig.Simple c) {
      // Times drawn by importance stand for the weights.
      return c.timesteps() instanceof TimestepSampling.Importance
          ? new SimpleLoss(prediction, new LossWeighting.Uniform())
          : new SimpleLoss(prediction, weighting(c.weighting()));
    } else if (loss instanceof LossConfig.Hybrid c) {
      return new HybridLoss(
          new SimpleLoss(prediction, weighting(c.weighting())),
          variational(c.lambda() * schedule.steps()));
    } else if (loss instanceof LossConfig.Vlb c) {
      return switch (c.scale()) {
        case TERM -> variational(1);
        case BOUND -> variational(schedule.steps());
      };
    }
    throw new AssertionError(loss);
  }

  private VariationalLoss variational(double factor) {
    return new VariationalLoss(
        prediction,
        new ReverseProcess(schedule, FromConfig.variance(config.process().variance())),
        new BoundTerms(schedule, DiscretizedDecoder.EXACT),
        factor);
  }

  private TimestepSampler timesteps(LossConfig loss) {
    TimestepSampling sampling = loss.timesteps();
    int steps = schedule.steps();
    if (sampling instanceof TimestepSampling.Uniform) {
      return TimestepSampler.uniform(steps);
    } else if (sampling instanceof TimestepSampling.Stratified) {
      return TimestepSampler.stratified(steps);
    } else if (sampling instanceof TimestepSampling.Importance
        && loss instanceof LossConfig.Simple simple) {
      return TimestepSampler.importance(steps, weighting(simple.weighting())::weight);
    } else if (sampling instanceof TimestepSampling.LossSecondMoment c) {
      return new LossSecondMoment(steps, c.history(), c.uniform());
    } else if (sampling instanceof TimestepSampling.LogNormal c) {
      return TimestepSampler.logNormal(schedule, c.mean(), c.deviation());
    }
    throw new AssertionError(sampling);
  }

  private LossWeighting weighting(Weighting weighting) {
    if (weighting instanceof Weighting.Uniform) {
      return new LossWeighting.Uniform();
    } else if (weighting instanceof Weighting.Snr) {
      return new LossWeighting.Snr(schedule, prediction);
    } else if (weighting instanceof Weighting.MinSnr c) {
      return new LossWeighting.MinSnr(schedule, prediction, c.gamma());
    } else if (weighting instanceof Weighting.P2 c) {
      return new LossWeighting.P2(schedule, prediction, c.k(), c.gamma());
    } else if (weighting instanceof Weighting.Edm c) {
      return LossWeighting.Edm.of(schedule, prediction, c.mean(), c.deviation());
    } else if (weighting instanceof Weighting.Preconditioned) {
      return new LossWeighting.Preconditioned(
          schedule, prediction, LossWeighting.Edm.DATA_DEVIATION);
    }
    throw new AssertionError(weighting);
  }
}
