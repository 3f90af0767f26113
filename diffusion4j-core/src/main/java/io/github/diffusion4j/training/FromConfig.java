package io.github.diffusion4j.training;

import io.github.diffusion4j.config.EmaConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LearningRateConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LearnedVariance;
import io.github.diffusion4j.diffusion.NetworkInput;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseVariance;

/** Turns the words of a configuration into the objects they stand for. */
public final class FromConfig {
  private FromConfig() {}

  /** Returns the schedule that {@code config} describes. */
  public static NoiseSchedule schedule(ScheduleConfig config) {
    return ScheduleFromConfig.of(config);
  }

  /** Returns the values of σ that {@code steps} steps of EDM's samplers visit, descending. */
  public static double[] sigmas(ScheduleConfig.Edm config, int steps) {
    return ScheduleFromConfig.sigmas(config, steps);
  }

  /** Returns the forward process that {@code config} describes. */
  public static ForwardProcess process(ProcessConfig config) {
    return new ForwardProcess(schedule(config.schedule()));
  }

  /** Returns what the network predicts. */
  public static Prediction prediction(ProcessConfig config) {
    double ofData = config.schedule() instanceof ScheduleConfig.Edm edm ? edm.dataDeviation() : 1;
    return switch (config.prediction()) {
      case EPSILON -> Prediction.EPSILON;
      case X0 -> Prediction.X0;
      case V -> ofData == 1 ? Prediction.V : Prediction.preconditionedVelocity(ofData);
      case PRECONDITIONED -> Prediction.preconditioned(ofData);
      case CONSISTENCY ->
          Prediction.consistency(ofData, ((ScheduleConfig.Edm) config.schedule()).sigmaMin());
    };
  }

  /** Returns how the network is asked. */
  public static NetworkInput input(ProcessConfig config) {
    if (config.schedule() instanceof ScheduleConfig.Edm edm) {
      return config.prediction() == ProcessConfig.PredictionTarget.CONSISTENCY
          ? NetworkInput.consistency(edm.dataDeviation())
          : NetworkInput.preconditioned(edm.dataDeviation());
    } else if (config.schedule() instanceof ScheduleConfig.LogSigmaTimes) {
      return NetworkInput.OF_LOG_SIGMA;
    }
    return config.schedule() instanceof ScheduleConfig.SquaredSine
        ? NetworkInput.OF_ANGLE
        : NetworkInput.OF_STEPS;
  }

  /** Returns the variance of the reverse steps. */
  public static ReverseVariance variance(ProcessConfig.VarianceChoice choice) {
    return switch (choice) {
      case BETA -> FixedVariance.BETA;
      case BETA_TILDE -> FixedVariance.BETA_TILDE;
      case LEARNED -> LearnedVariance.LEARNED;
      case LEARNED_RANGE -> LearnedVariance.LEARNED_RANGE;
    };
  }

  static TrainingStep.Objective objective(ExperimentConfig config) {
    return new ObjectiveFromConfig(config).objective();
  }

  static Optimizer optimizer(OptimizerConfig config, ParameterVector parameters) {
    return switch (config.kind()) {
      case ADAM -> new Adam(parameters.all(), adam(config, Adam.Pull.BY_GRADIENT));
      case ADAMW -> new Adam(parameters.all(), adam(config, Adam.Pull.DECOUPLED));
      case MUON ->
          new Muon(
              parameters,
              new Muon.Constants(config.matrixRate(), adam(config, Adam.Pull.DECOUPLED)));
    };
  }

  private static Adam.Constants adam(OptimizerConfig config, Adam.Pull pull) {
    return new Adam.Constants(
        config.beta1(), config.beta2(), config.stabilizer(), config.weightDecay(), pull);
  }

  static LearningRate learningRate(LearningRateConfig config) {
    LearningRate.Decay decay =
        switch (config.decay()) {
          case CONSTANT -> LearningRate.Decay.CONSTANT;
          case LINEAR -> LearningRate.Decay.LINEAR;
          case COSINE -> LearningRate.Decay.COSINE;
        };
    return new LearningRate(config.peak(), config.warmupSteps(), decay);
  }

  static Ema.Decay ema(EmaConfig config) {
    return config.rampUp() instanceof EmaConfig.RampUp.Power rise
        ? Ema.Decay.rising(config.decay(), rise.inverseGamma(), rise.power())
        : Ema.Decay.constant(config.decay());
  }
}
