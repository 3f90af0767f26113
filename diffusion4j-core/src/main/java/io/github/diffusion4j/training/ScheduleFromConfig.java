package io.github.diffusion4j.training;

import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.ConstantSchedule;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.ExponentialSchedule;
import io.github.diffusion4j.diffusion.GeoDiffSigmoidSchedule;
import io.github.diffusion4j.diffusion.JsdSchedule;
import io.github.diffusion4j.diffusion.LaplaceSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ProportionalSchedule;
import io.github.diffusion4j.diffusion.ScaledLinearSchedule;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import io.github.diffusion4j.diffusion.SquaredSineSchedule;
import io.github.diffusion4j.diffusion.SubVariancePreserving;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.diffusion.WarmupSchedule;
import io.github.diffusion4j.diffusion.ZeroTerminalSnr;

/** Turns the words for a schedule into the schedule; split by what the kinds prescribe. */
final class ScheduleFromConfig {
  private ScheduleFromConfig() {}

  static NoiseSchedule of(ScheduleConfig config) {
    if (config instanceof ScheduleConfig.ZeroTerminalSnr c) {
      return ZeroTerminalSnr.of(of(c.of()));
    } else if (config instanceof ScheduleConfig.LogSigmaTimes c) {
      return of(c.of());
    } else if (config instanceof ScheduleConfig.Linear c) {
      return LinearSchedule.of(c.steps(), c.betaStart(), c.betaEnd());
    } else if (config instanceof ScheduleConfig.RescaledLinear c) {
      return LinearSchedule.rescaled(c.steps(), c.betaStart(), c.betaEnd());
    } else if (config instanceof ScheduleConfig.ScaledLinear c) {
      return ScaledLinearSchedule.of(c.steps(), c.betaStart(), c.betaEnd());
    } else if (config instanceof ScheduleConfig.Warmup c) {
      return WarmupSchedule.of(c.steps(), c.betaStart(), c.betaEnd(), c.share());
    } else if (config instanceof ScheduleConfig.Constant c) {
      return ConstantSchedule.of(c.steps(), c.beta());
    } else if (config instanceof ScheduleConfig.Jsd c) {
      return JsdSchedule.of(c.steps());
    } else if (config instanceof ScheduleConfig.Proportional c) {
      return ProportionalSchedule.of(c.steps(), c.betaEnd());
    } else if (config instanceof ScheduleConfig.SigmoidBeta c) {
      return GeoDiffSigmoidSchedule.of(c.steps(), c.betaStart(), c.betaEnd());
    } else if (config instanceof ScheduleConfig.Table c) {
      return NoiseSchedule.ofBetas(c.betas().stream().mapToDouble(Double::doubleValue).toArray());
    }
    return ofCurve(config);
  }

  /** The kinds that prescribe ᾱ or the signal-to-noise ratio rather than β. */
  private static NoiseSchedule ofCurve(ScheduleConfig config) {
    if (config instanceof ScheduleConfig.Cosine c) {
      return CosineSchedule.of(c.steps());
    } else if (config instanceof ScheduleConfig.Sigmoid c) {
      return SigmoidSchedule.of(c.steps(), c.start(), c.end(), c.tau());
    } else if (config instanceof ScheduleConfig.Exponential c) {
      return ExponentialSchedule.of(c.steps(), c.rate());
    } else if (config instanceof ScheduleConfig.Laplace c) {
      return LaplaceSchedule.of(c.steps(), c.mean(), c.scale());
    } else if (config instanceof ScheduleConfig.DiffusersLaplace c) {
      return LaplaceSchedule.ofDiffusers(c.steps());
    } else if (config instanceof ScheduleConfig.VariancePreserving c) {
      return new VariancePreserving(c.betaMin(), c.betaMax()).discretized(c.steps());
    } else if (config instanceof ScheduleConfig.SubVariancePreserving c) {
      return new SubVariancePreserving(c.betaMin(), c.betaMax()).discretized(c.steps());
    } else if (config instanceof ScheduleConfig.VarianceExploding c) {
      return new VarianceExploding(c.sigmaMin(), c.sigmaMax()).discretized(c.steps());
    } else if (config instanceof ScheduleConfig.SquaredSine c) {
      return SquaredSineSchedule.of(c.steps());
    } else if (config instanceof ScheduleConfig.Edm c) {
      return NoiseSchedule.ofSigmas(sigmas(c, c.steps()));
    }
    throw new AssertionError(config);
  }

  /** Returns {@code count} values of σ, from the largest to the smallest. */
  static double[] sigmas(ScheduleConfig.Edm edm, int count) {
    return switch (edm.spacing()) {
      case KARRAS -> SigmaSpacing.karras(count, edm.sigmaMin(), edm.sigmaMax(), edm.rho());
      case EXPONENTIAL -> SigmaSpacing.exponential(count, edm.sigmaMin(), edm.sigmaMax());
    };
  }
}
