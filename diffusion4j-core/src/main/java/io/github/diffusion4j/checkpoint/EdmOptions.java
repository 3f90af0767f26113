package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.ScheduleConfig.Edm.Spacing;
import io.github.diffusion4j.config.Word;
import java.util.Map;

/**
 * The options that diffusers' schedulers for EDM have for the process.
 *
 * <p>Their {@code epsilon} is no noise: it is EDM's F, and their {@code v_prediction} its negative.
 */
final class EdmOptions {
  private EdmOptions() {}

  static void put(Map<String, Object> options, ScheduleConfig.Edm edm) {
    options.put("sigma_min", edm.sigmaMin());
    options.put("sigma_max", edm.sigmaMax());
    options.put("sigma_data", edm.dataDeviation());
    options.put("sigma_schedule", Word.of(edm.spacing()));
    options.put("rho", edm.rho());
  }

  /** Returns the process of a scheduler for EDM's networks, or for consistency models. */
  static ProcessConfig read(OptionFile options, PublishedSolver solver) {
    if (solver instanceof PublishedSolver.Consistency) {
      return new ProcessConfig(
          schedule(options, 40, Spacing.KARRAS),
          PredictionTarget.CONSISTENCY,
          VarianceChoice.BETA_TILDE,
          X0Range.UNBOUNDED);
    }
    return new ProcessConfig(
        schedule(options, 1000, spacing(options)),
        prediction(options),
        VarianceChoice.BETA_TILDE,
        X0Range.UNBOUNDED);
  }

  private static ScheduleConfig.Edm schedule(OptionFile options, int steps, Spacing spacing) {
    return new ScheduleConfig.Edm(
        options.whole("num_train_timesteps", steps),
        options.number("sigma_min", 0.002),
        options.number("sigma_max", 80),
        options.number("sigma_data", 0.5),
        spacing,
        options.number("rho", 7));
  }

  private static Spacing spacing(OptionFile options) {
    return switch (options.text("sigma_schedule", "karras")) {
      case "karras" -> Spacing.KARRAS;
      case "exponential" -> Spacing.EXPONENTIAL;
      default -> throw options.wrong("sigma_schedule", "karras, exponential");
    };
  }

  private static PredictionTarget prediction(OptionFile options) {
    return switch (options.text("prediction_type", "epsilon")) {
      case "epsilon" -> PredictionTarget.PRECONDITIONED;
      case "v_prediction" -> PredictionTarget.V;
      default -> throw options.wrong("prediction_type", "epsilon, v_prediction");
    };
  }
}
