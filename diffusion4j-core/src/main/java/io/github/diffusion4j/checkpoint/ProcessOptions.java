package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options that diffusers' schedulers have for the process, as {@code scheduler_config.json} has
 * them; {@link SchedulerOptions} has the others.
 *
 * <p>A {@code learned} variance means the same in the file and another thing in the programs: here,
 * as in the code that such networks are trained with, the network says ln σ²; diffusers takes it
 * for σ².
 */
final class ProcessOptions {
  /** The scheduler of files that name none. */
  static final String CLASS = "DDPMScheduler";

  private static final double BETA_START = 1e-4;
  private static final double BETA_END = 0.02;
  private static final double LATENT_BETA_START = 0.00085; // of latent diffusion
  private static final double LATENT_BETA_END = 0.012;
  private static final Set<Class<? extends ScheduleConfig>> KNOWN =
      Set.of(
          ScheduleConfig.Linear.class,
          ScheduleConfig.ScaledLinear.class,
          ScheduleConfig.Cosine.class,
          ScheduleConfig.SigmoidBeta.class,
          ScheduleConfig.DiffusersLaplace.class,
          ScheduleConfig.SquaredSine.class,
          ScheduleConfig.Edm.class,
          ScheduleConfig.Table.class);

  private ProcessOptions() {}

  /**
   * Puts the options of the process, whatever the scheduler for it, as diffusers writes them.
   *
   * @throws IllegalArgumentException for schedules that diffusers does not know
   */
  static void put(Map<String, Object> options, ProcessConfig config) {
    options.put("num_train_timesteps", config.schedule().steps());
    options.put(
        "prediction_type",
        switch (config.prediction()) {
          case EPSILON -> "epsilon";
          case X0 -> "sample";
          case V -> "v_prediction";
          case PRECONDITIONED, CONSISTENCY -> "epsilon"; // as EDM's schedulers have it
        });
    options.put(
        "variance_type",
        switch (config.variance()) {
          case BETA -> "fixed_large";
          case BETA_TILDE -> "fixed_small";
          case LEARNED -> "learned";
          case LEARNED_RANGE -> "learned_range";
        });
    if (config.schedule() instanceof ScheduleConfig.LogSigmaTimes told) {
      options.put("timestep_type", "continuous");
      putProcess(options, told.of());
    } else {
      putProcess(options, config.schedule());
    }
  }

  private static void putProcess(Map<String, Object> options, ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.Edm edm) {
      EdmOptions.put(options, edm);
    } else if (schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled) {
      options.put("rescale_betas_zero_snr", true);
      putSchedule(options, rescaled.of());
    } else {
      options.put("rescale_betas_zero_snr", false);
      putSchedule(options, schedule);
    }
  }

  /** Returns whether diffusers has the schedule under a name, or as its table. */
  static boolean knows(ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.LogSigmaTimes told) {
      return knows(told.of());
    }
    return schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled
        ? knows(rescaled.of())
        : KNOWN.contains(schedule.getClass());
  }

  private static void putSchedule(Map<String, Object> options, ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.Linear linear) {
      putBetas(options, "linear", linear.betaStart(), linear.betaEnd());
    } else if (schedule instanceof ScheduleConfig.ScaledLinear scaled) {
      putBetas(options, "scaled_linear", scaled.betaStart(), scaled.betaEnd());
    } else if (schedule instanceof ScheduleConfig.Cosine) {
      putBetas(options, "squaredcos_cap_v2", BETA_START, BETA_END);
    } else if (schedule instanceof ScheduleConfig.SigmoidBeta sigmoid) {
      putBetas(options, "sigmoid", sigmoid.betaStart(), sigmoid.betaEnd());
    } else if (schedule instanceof ScheduleConfig.DiffusersLaplace) {
      putBetas(options, "laplace", BETA_START, BETA_END);
    } else if (schedule instanceof ScheduleConfig.SquaredSine) {
      options.put("trained_betas", Optional.empty());
    } else if (schedule instanceof ScheduleConfig.Table table) {
      putBetas(options, "linear", BETA_START, BETA_END);
      options.put("trained_betas", table.betas());
    } else {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "diffusers has no schedule such as %s; give its betas as a table",
              schedule));
    }
  }

  private static void putBetas(Map<String, Object> options, String name, double start, double end) {
    options.put("beta_schedule", name);
    options.put("beta_start", start);
    options.put("beta_end", end);
    options.put("trained_betas", Optional.empty());
  }

  /**
   * Returns the process that {@code options} of a scheduler describe.
   *
   * @param scheduler what the same options say about sampling
   */
  static ProcessConfig read(OptionFile options, PublishedScheduler scheduler) {
    if (scheduler.solver().isOfEdm()) {
      return options.explained(() -> EdmOptions.read(options, scheduler.solver()));
    }
    if (scheduler.solver() == PublishedSolver.Plain.IPNDM) {
      return options.explained(() -> ofAngle(options));
    }
    X0Range range =
        scheduler.bound().equals(new PublishedScheduler.Bound.Clip(1))
            ? X0Range.CLIP_TO_DATA
            : X0Range.UNBOUNDED;
    ScheduleConfig schedule = options.explained(() -> schedule(options));
    return new ProcessConfig(schedule, prediction(options), variance(options), range);
  }

  /** The process of {@code IPNDMScheduler}, which has no other. */
  private static ProcessConfig ofAngle(OptionFile options) {
    if (options.has("trained_betas")) {
      throw options.unsupported(
          "trained_betas", "a table of noise levels, not of betas; allowed for this class: null");
    }
    return new ProcessConfig(
        new ScheduleConfig.SquaredSine(options.whole("num_train_timesteps", 1000)),
        PredictionTarget.V,
        VarianceChoice.BETA_TILDE,
        X0Range.UNBOUNDED);
  }

  private static ScheduleConfig schedule(OptionFile options) {
    ScheduleConfig.Plain plain = plainSchedule(options);
    String key = "rescale_betas_zero_snr"; // passed over by schedulers that do not have it
    Set<String> keys = SchedulerKeys.of(options.text("_class_name", CLASS));
    ScheduleConfig.OfSteps schedule =
        keys.contains(key) && options.flag(key, false)
            ? new ScheduleConfig.ZeroTerminalSnr(plain)
            : plain;
    boolean continuous =
        keys.contains("timestep_type")
            && options.text("timestep_type", "discrete").equals("continuous")
            && prediction(options) == PredictionTarget.V; // diffusers has it for v only
    return continuous ? new ScheduleConfig.LogSigmaTimes(schedule) : schedule;
  }

  private static boolean isOfLatentDiffusion(String className) {
    return Set.of(
            PublishedSolver.Plain.HEUN.className(),
            PublishedSolver.Plain.KDPM2.className(),
            PublishedSolver.Plain.KDPM2_ANCESTRAL.className(),
            "DPMSolverSDEScheduler")
        .contains(className);
  }

  private static ScheduleConfig.Plain plainSchedule(OptionFile options) {
    if (options.has("trained_betas")) {
      return new ScheduleConfig.Table(options.numbers("trained_betas"));
    }
    int steps = options.whole("num_train_timesteps", 1000);
    String className = options.text("_class_name", CLASS);
    boolean distilled = Set.of("LCMScheduler", "TCDScheduler").contains(className);
    boolean latent = distilled || isOfLatentDiffusion(className);
    double start = options.number("beta_start", latent ? LATENT_BETA_START : BETA_START);
    double end = options.number("beta_end", latent ? LATENT_BETA_END : BETA_END);
    return switch (options.text("beta_schedule", distilled ? "scaled_linear" : "linear")) {
      case "linear" -> new ScheduleConfig.Linear(steps, start, end);
      case "scaled_linear" -> new ScheduleConfig.ScaledLinear(steps, start, end);
      case "squaredcos_cap_v2" -> new ScheduleConfig.Cosine(steps);
      case "sigmoid" -> new ScheduleConfig.SigmoidBeta(steps, start, end);
      case "laplace" -> new ScheduleConfig.DiffusersLaplace(steps);
      default ->
          throw options.wrong(
              "beta_schedule", "linear, scaled_linear, squaredcos_cap_v2, sigmoid, laplace");
    };
  }

  private static PredictionTarget prediction(OptionFile options) {
    return switch (options.text("prediction_type", "epsilon")) {
      case "epsilon" -> PredictionTarget.EPSILON;
      case "sample" -> PredictionTarget.X0;
      case "v_prediction" -> PredictionTarget.V;
      case "flow_prediction" ->
          throw options.unsupported("prediction_type", SchedulerOptions.FLOW_MATCHING);
      default -> throw options.wrong("prediction_type", "epsilon, sample, v_prediction");
    };
  }

  private static VarianceChoice variance(OptionFile options) {
    return switch (options.text("variance_type", "fixed_small")) {
      case "fixed_small", "fixed_small_log" -> VarianceChoice.BETA_TILDE;
      case "fixed_large" -> VarianceChoice.BETA;
      case "learned" -> VarianceChoice.LEARNED;
      case "learned_range" -> VarianceChoice.LEARNED_RANGE;
      default ->
          throw options.wrong(
              "variance_type", "fixed_small, fixed_small_log, fixed_large, learned, learned_range");
    };
  }
}
