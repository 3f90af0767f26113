package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.SigmaRange;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Distilled;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.SaSolver;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The options of diffusers' schedulers beyond the process, as {@code scheduler_config.json} has
 * them; missing ones have the defaults of their class.
 */
final class SchedulerOptions {
  static final String FLOW_MATCHING =
      "a network of flow matching is no DDPM: its process is a line from image to noise";

  private final OptionFile options;
  private final String className;
  private final Set<String> keys;

  private SchedulerOptions(OptionFile options) {
    this.options = options;
    this.className = options.text("_class_name", ProcessOptions.CLASS);
    this.keys = SchedulerKeys.of(className);
  }

  /** Returns what the file says about sampling. */
  static PublishedScheduler read(OptionFile options) {
    if (options.text("_class_name", ProcessOptions.CLASS).equals("UnCLIPScheduler")) {
      throw options.unsupported(
          "_class_name",
          "it is DDPM for networks that are shown an embedding of CLIP; for others allowed:"
              + " DDPMScheduler");
    }
    options.supportOnly("_class_name", SchedulerKeys.classes().toArray());
    options.supportOnlyNames(SchedulerKeys.all());
    SchedulerKeys.OLD.forEach(options::supportOnly);
    return options.explained(() -> new SchedulerOptions(options).scheduler());
  }

  private PublishedScheduler scheduler() {
    refuseOthers();
    return new PublishedScheduler(
        solver(),
        keys.contains("timestep_spacing") ? spacing() : Spacing.LINSPACE,
        keys.contains("steps_offset") ? options.whole("steps_offset", 0) : 0,
        sigmas(),
        range(),
        end(),
        bound());
  }

  /** Refuses what no sampler here does. */
  private void refuseOthers() {
    for (String name : List.of("use_flow_sigmas", "use_dynamic_shifting")) {
      if (isTrue(name)) {
        throw options.unsupported(name, FLOW_MATCHING);
      }
    }
    if (has("shift_terminal")) {
      throw options.unsupported("shift_terminal", FLOW_MATCHING);
    }
    if (has("solver_p")) {
      throw options.unsupported("solver_p", "a scheduler within a scheduler; allowed: null");
    }
    if (has("tau_func")) {
      throw options.unsupported("tau_func", "a program in a file; allowed: null");
    }
    if (keys.contains("timestep_type")) {
      options.supportOnly("timestep_type", "discrete", "continuous");
    }
  }

  private boolean has(String name) {
    return keys.contains(name) && options.has(name);
  }

  private PublishedSolver solver() {
    for (Plain plain : Plain.values()) {
      if (plain.className().equals(className)) {
        return plain;
      }
    }
    return switch (className) {
      case "PNDMScheduler" ->
          new Pndm(
              options.flag("skip_prk_steps", false)
                  ? Pndm.Start.TWO_LOOKS
                  : Pndm.Start.RUNGE_KUTTA);
      case "DPMSolverMultistepScheduler" -> dpm(Dpm.Form.MULTISTEP, true);
      case "DPMSolverSinglestepScheduler" -> dpm(Dpm.Form.SINGLE_STEP, false);
      case "EDMDPMSolverMultistepScheduler" -> dpm(Dpm.Form.EDM_MULTISTEP, true);
      case "DPMSolverMultistepInverseScheduler" -> dpm(Dpm.Form.INVERSE_MULTISTEP, true);
      case "UniPCMultistepScheduler" -> uniPc();
      case "DEISMultistepScheduler" -> {
        options.supportOnly("algorithm_type", "deis", "dpmsolver", "dpmsolver++");
        options.supportOnly("solver_type", "logrho", "midpoint", "heun", "bh1", "bh2");
        yield new Deis(order(), lastOrder());
      }
      case "SASolverScheduler" -> saSolver();
      case "DPMSolverSDEScheduler" ->
          new PublishedSolver.DpmSde(options.wholeOr("noise_sampler_seed", Optional.empty()));
      case "LCMScheduler" -> distilled(Distilled.Kind.LCM);
      case "TCDScheduler" -> distilled(Distilled.Kind.TCD);
      case "CMStochasticIterativeScheduler" ->
          new PublishedSolver.Consistency(options.number("s_noise", 1));
      default -> throw new AssertionError(className);
    };
  }

  private int order() {
    return options.whole("solver_order", 2);
  }

  private LastOrder lastOrder() {
    return options.flag("lower_order_final", true) ? LastOrder.FALLING : LastOrder.FULL;
  }

  private Dpm dpm(Dpm.Form form, boolean fallsByDefault) {
    boolean falls = options.flag("lower_order_final", fallsByDefault);
    boolean euler = keys.contains("euler_at_final") && options.flag("euler_at_final", false);
    Dpm.LastSteps last =
        falls
            ? (euler ? Dpm.LastSteps.FALLING_AND_EULER : Dpm.LastSteps.FALLING)
            : (euler ? Dpm.LastSteps.EULER : Dpm.LastSteps.FULL);
    return new Dpm(form, order(), algorithm(form), rule(), last, leastLambda());
  }

  private double leastLambda() {
    return keys.contains("lambda_min_clipped")
        ? options.number("lambda_min_clipped", Double.NEGATIVE_INFINITY)
        : Double.NEGATIVE_INFINITY;
  }

  private SaSolver saSolver() {
    String word = options.text("algorithm_type", SaSolver.Target.DATA_PREDICTION.word());
    SaSolver.Target target =
        Arrays.stream(SaSolver.Target.values())
            .filter(one -> one.word().equals(word))
            .findFirst()
            .orElseThrow(
                () -> options.wrong("algorithm_type", "data_prediction, noise_prediction"));
    return new SaSolver(
        options.whole("predictor_order", 2),
        options.whole("corrector_order", 2),
        target,
        lastOrder(),
        leastLambda());
  }

  private Distilled distilled(Distilled.Kind kind) {
    return new Distilled(
        kind,
        options.whole("original_inference_steps", 50),
        options.number("timestep_scaling", 10));
  }

  private Dpm.Algorithm algorithm(Dpm.Form form) {
    String word = options.text("algorithm_type", Dpm.Algorithm.DPMSOLVER_PLUS_PLUS.word());
    if (word.equals("deis")) { // of a file made from DEIS
      return Dpm.Algorithm.DPMSOLVER_PLUS_PLUS;
    }
    List<Dpm.Algorithm> known = algorithms(form);
    return known.stream()
        .filter(algorithm -> algorithm.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                options.wrong(
                    "algorithm_type",
                    known.stream().map(Dpm.Algorithm::word).collect(Collectors.joining(", "))));
  }

  /** Which algorithms the class has in diffusers. */
  private static List<Dpm.Algorithm> algorithms(Dpm.Form form) {
    return switch (form) {
      case MULTISTEP -> List.of(Dpm.Algorithm.values());
      case SINGLE_STEP ->
          List.of(
              Dpm.Algorithm.DPMSOLVER_PLUS_PLUS,
              Dpm.Algorithm.DPMSOLVER,
              Dpm.Algorithm.SDE_DPMSOLVER_PLUS_PLUS);
      case EDM_MULTISTEP ->
          List.of(Dpm.Algorithm.DPMSOLVER_PLUS_PLUS, Dpm.Algorithm.SDE_DPMSOLVER_PLUS_PLUS);
      // along the SDE up, the variance of diffusers' noise is negative
      case INVERSE_MULTISTEP -> List.of(Dpm.Algorithm.DPMSOLVER_PLUS_PLUS, Dpm.Algorithm.DPMSOLVER);
    };
  }

  /** Of files made from another solver diffusers takes the usual one. */
  private Dpm.SolverType rule() {
    return switch (options.text("solver_type", "midpoint")) {
      case "midpoint", "logrho", "bh1", "bh2" -> Dpm.SolverType.MIDPOINT;
      case "heun" -> Dpm.SolverType.HEUN;
      default -> throw options.wrong("solver_type", "midpoint, heun");
    };
  }

  private UniPc uniPc() {
    UniPc.Scale scale =
        switch (options.text("solver_type", "bh2")) {
          case "bh1" -> UniPc.Scale.BH1;
          case "bh2", "midpoint", "heun", "logrho" -> UniPc.Scale.BH2;
          default -> throw options.wrong("solver_type", "bh1, bh2");
        };
    return new UniPc(
        order(),
        options.flag("predict_x0", true) ? UniPc.Interpolated.X0 : UniPc.Interpolated.EPSILON,
        scale,
        Set.copyOf(options.wholes("disable_corrector")),
        lastOrder());
  }

  private Spacing spacing() {
    boolean inverse = className.equals(Plain.DDIM_INVERSE.className());
    boolean leads = inverse || keys.contains("clip_sample") || className.equals("PNDMScheduler");
    boolean heun = className.equals(Plain.HEUN.className());
    return switch (options.text("timestep_spacing", leads && !heun ? "leading" : "linspace")) {
      case "linspace" -> {
        if (inverse) {
          throw options.wrong("timestep_spacing", "leading, trailing");
        }
        yield Spacing.LINSPACE;
      }
      case "leading" -> Spacing.LEADING;
      case "trailing" -> Spacing.TRAILING;
      default -> throw options.wrong("timestep_spacing", "linspace, leading, trailing");
    };
  }

  private Sigmas sigmas() {
    Map<String, Sigmas> words =
        Map.of(
            "use_karras_sigmas", Sigmas.KARRAS,
            "use_exponential_sigmas", Sigmas.EXPONENTIAL,
            "use_lu_lambdas", Sigmas.LU,
            "use_beta_sigmas", Sigmas.BETA);
    List<String> chosen = words.keySet().stream().filter(this::isTrue).sorted().toList();
    boolean logLinear = isLogLinear();
    if (chosen.size() + (logLinear ? 1 : 0) > 1) {
      throw options.unsupported(
          chosen.get(0),
          "only one spacing of sigma may be chosen, here also "
              + (logLinear ? "interpolation_type log_linear" : chosen.get(1)));
    }
    return logLinear
        ? Sigmas.LOG_LINEAR
        : chosen.stream().map(words::get).findFirst().orElse(Sigmas.OF_TIMES);
  }

  private boolean isLogLinear() {
    if (!keys.contains("interpolation_type")) {
      return false;
    }
    return switch (options.text("interpolation_type", "linear")) {
      case "linear" -> false;
      case "log_linear" -> true;
      default -> throw options.wrong("interpolation_type", "linear, log_linear");
    };
  }

  /** Of EDM's schedulers it is the process that has these ends. */
  private SigmaRange range() {
    return keys.contains("sigma_min") && !SchedulerKeys.EDM.contains(className)
        ? new SigmaRange(options.numberOr("sigma_min"), options.numberOr("sigma_max"))
        : SigmaRange.OF_PROCESS;
  }

  private boolean isTrue(String name) {
    return keys.contains(name) && options.flag(name, false);
  }

  private End end() {
    if (keys.contains("set_alpha_to_one")) {
      boolean pndm = className.equals("PNDMScheduler");
      return options.flag("set_alpha_to_one", !pndm) ? End.CLEAN : End.FIRST_LEVEL;
    }
    if (Set.of("DEISMultistepScheduler", "SASolverScheduler").contains(className)) {
      return End.FIRST_LEVEL;
    }
    if (!keys.contains("final_sigmas_type")) {
      return End.CLEAN;
    }
    return switch (options.text("final_sigmas_type", "zero")) {
      case "zero" -> End.CLEAN;
      case "sigma_min" -> End.FIRST_LEVEL;
      default -> throw options.wrong("final_sigmas_type", "zero, sigma_min");
    };
  }

  private Bound bound() {
    if (isTrue("thresholding")) {
      return new Bound.Threshold(
          options.number("dynamic_thresholding_ratio", 0.995),
          options.number("sample_max_value", 1));
    }
    if (keys.contains("clip_denoised")) {
      return options.flag("clip_denoised", true) ? new Bound.Clip(1) : new Bound.None();
    }
    boolean byDefault =
        !Set.of(Plain.HEUN.className(), "LCMScheduler", "TCDScheduler").contains(className);
    boolean clips = keys.contains("clip_sample") && options.flag("clip_sample", byDefault);
    return clips ? new Bound.Clip(options.number("clip_sample_range", 1)) : new Bound.None();
  }
}
