package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.Word;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Writes {@code scheduler_config.json}: all options that the class has in diffusers, no others. */
final class SchedulerWriter {
  private SchedulerWriter() {}

  /**
   * Returns all options of the scheduler.
   *
   * @throws IllegalArgumentException for schedules that it does not have
   */
  static Map<String, Object> options(ProcessConfig process, PublishedScheduler scheduler) {
    String className = scheduler.solver().className();
    if (!isFor(scheduler.solver(), process)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s is not for the process %s", className, process.schedule()));
    }
    Map<String, Object> options = new TreeMap<>();
    putConstants(options);
    options.put("sigma_min", scheduler.range().smallest());
    options.put("sigma_max", scheduler.range().largest());
    ProcessOptions.put(options, process);
    options.put("timestep_spacing", Word.of(scheduler.spacing()));
    options.put("steps_offset", scheduler.offset());
    options.put("use_karras_sigmas", scheduler.sigmas() == Sigmas.KARRAS);
    options.put("use_exponential_sigmas", scheduler.sigmas() == Sigmas.EXPONENTIAL);
    options.put("use_lu_lambdas", scheduler.sigmas() == Sigmas.LU);
    options.put("use_beta_sigmas", scheduler.sigmas() == Sigmas.BETA);
    options.put(
        "interpolation_type", scheduler.sigmas() == Sigmas.LOG_LINEAR ? "log_linear" : "linear");
    options.put("set_alpha_to_one", scheduler.end() == End.CLEAN);
    options.put("final_sigmas_type", scheduler.end() == End.CLEAN ? "zero" : "sigma_min");
    putBound(options, scheduler.bound());
    putSolver(options, scheduler.solver());

    Set<String> keys = SchedulerKeys.of(className);
    if (Boolean.TRUE.equals(options.get("rescale_betas_zero_snr"))
        && !keys.contains("rescale_betas_zero_snr")) {
      throw new IllegalArgumentException(className + " has no zero terminal SNR");
    }
    boolean ofLambda = keys.contains("lambda_min_clipped");
    if (ofLambda && !process.variance().isLearned()) {
      options.put("variance_type", Optional.empty());
    }
    options.keySet().retainAll(keys);
    options.put("_class_name", className);
    options.put("_diffusers_version", DiffusersPipeline.DIFFUSERS_VERSION);
    return options;
  }

  /** Whether a solver of a process of its own has it, and any other one of the others. */
  private static boolean isFor(PublishedSolver solver, ProcessConfig process) {
    boolean ofConsistency = process.prediction() == ProcessConfig.PredictionTarget.CONSISTENCY;
    ScheduleConfig schedule = process.schedule();
    return solver.isOfEdm() == schedule instanceof ScheduleConfig.Edm
        && solver instanceof PublishedSolver.Consistency == ofConsistency
        && (solver == PublishedSolver.Plain.IPNDM) == schedule instanceof ScheduleConfig.SquaredSine
        && (solver == PublishedSolver.Plain.EULER
            || !(schedule instanceof ScheduleConfig.LogSigmaTimes));
  }

  /** What no sampler here varies. */
  private static void putConstants(Map<String, Object> options) {
    options.put("use_flow_sigmas", false);
    options.put("flow_shift", 1.0);
    options.put("use_dynamic_shifting", false);
    options.put("time_shift_type", "exponential");
    options.put("timestep_type", "discrete");
    options.put("solver_p", Optional.empty());
    options.put("shift_terminal", Optional.empty());
    options.put("tau_func", Optional.empty());
  }

  private static void putBound(Map<String, Object> options, Bound bound) {
    options.put("clip_sample", bound instanceof Bound.Clip);
    options.put("clip_denoised", bound instanceof Bound.Clip);
    options.put("clip_sample_range", bound instanceof Bound.Clip clip ? clip.range() : 1.0);
    options.put("thresholding", bound instanceof Bound.Threshold);
    options.put(
        "dynamic_thresholding_ratio",
        bound instanceof Bound.Threshold threshold ? threshold.ratio() : 0.995);
    options.put(
        "sample_max_value", bound instanceof Bound.Threshold threshold ? threshold.most() : 1.0);
  }

  private static void putSolver(Map<String, Object> options, PublishedSolver solver) {
    if (solver instanceof Pndm pndm) {
      options.put("skip_prk_steps", pndm.start() == Pndm.Start.TWO_LOOKS);
    } else if (solver instanceof Dpm dpm) {
      options.put("solver_order", dpm.order());
      options.put("algorithm_type", dpm.algorithm().word());
      options.put("solver_type", Word.of(dpm.rule()));
      options.put("lower_order_final", dpm.last().isFalling());
      options.put("euler_at_final", dpm.last().isEuler());
      options.put("lambda_min_clipped", dpm.leastLambda());
    } else if (solver instanceof UniPc uniPc) {
      options.put("solver_order", uniPc.order());
      options.put("solver_type", uniPc.scale().word());
      options.put("predict_x0", uniPc.interpolated() == UniPc.Interpolated.X0);
      options.put("disable_corrector", uniPc.uncorrected().stream().sorted().toList());
      options.put("lower_order_final", uniPc.last() == LastOrder.FALLING);
    } else if (solver instanceof Deis deis) {
      options.put("solver_order", deis.order());
      options.put("algorithm_type", "deis");
      options.put("solver_type", "logrho");
      options.put("lower_order_final", deis.last() == LastOrder.FALLING);
    } else if (solver instanceof PublishedSolver.SaSolver sa) {
      options.put("predictor_order", sa.predictorOrder());
      options.put("corrector_order", sa.correctorOrder());
      options.put("algorithm_type", sa.target().word());
      options.put("lower_order_final", sa.last() == LastOrder.FALLING);
      options.put("lambda_min_clipped", sa.leastLambda());
    } else if (solver instanceof PublishedSolver.DpmSde sde) {
      options.put("noise_sampler_seed", sde.noiseSeed());
    } else if (solver instanceof PublishedSolver.Distilled distilled) {
      options.put("original_inference_steps", distilled.originalSteps());
      options.put("timestep_scaling", distilled.timestepScaling());
    } else if (solver instanceof PublishedSolver.Consistency consistency) {
      options.put("s_noise", consistency.noiseDeviation());
    }
  }
}
