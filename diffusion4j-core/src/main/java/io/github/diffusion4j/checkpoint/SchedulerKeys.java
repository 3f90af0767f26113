package io.github.diffusion4j.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which options each of diffusers' schedulers has. */
final class SchedulerKeys {
  private static final String PROCESS =
      "num_train_timesteps beta_start beta_end beta_schedule trained_betas prediction_type ";
  private static final String SPACED = "timestep_spacing steps_offset ";
  private static final String CLIPPED = "clip_sample clip_sample_range ";
  private static final String THRESHOLDED =
      "thresholding dynamic_thresholding_ratio sample_max_value ";
  private static final String IN_SIGMA =
      "use_karras_sigmas use_exponential_sigmas use_beta_sigmas ";
  private static final String SOLVER =
      IN_SIGMA
          + THRESHOLDED
          + "solver_order solver_type lower_order_final use_flow_sigmas flow_shift "
          + "use_dynamic_shifting time_shift_type ";
  private static final String DPM =
      SOLVER + "algorithm_type final_sigmas_type lambda_min_clipped variance_type ";
  private static final String EDM_PROCESS =
      "num_train_timesteps prediction_type sigma_min sigma_max sigma_data sigma_schedule rho ";
  private static final String RESCALED = "rescale_betas_zero_snr ";

  private static final Map<String, Set<String>> OF_CLASS = new LinkedHashMap<>();

  static {
    put("DDPMScheduler", SPACED + CLIPPED + THRESHOLDED + RESCALED + "variance_type");
    put("DDIMScheduler", SPACED + CLIPPED + THRESHOLDED + RESCALED + "set_alpha_to_one");
    put("PNDMScheduler", SPACED + "skip_prk_steps set_alpha_to_one");
    put(
        "EulerDiscreteScheduler",
        SPACED
            + IN_SIGMA
            + RESCALED
            + "interpolation_type sigma_min sigma_max timestep_type final_sigmas_type");
    put("EulerAncestralDiscreteScheduler", SPACED + RESCALED);
    put("HeunDiscreteScheduler", SPACED + IN_SIGMA + CLIPPED);
    put("LMSDiscreteScheduler", SPACED + IN_SIGMA);
    put("DPMSolverMultistepScheduler", SPACED + DPM + RESCALED + "euler_at_final use_lu_lambdas");
    put("DPMSolverSinglestepScheduler", DPM);
    put(
        "UniPCMultistepScheduler",
        SPACED
            + SOLVER
            + RESCALED
            + "final_sigmas_type predict_x0 disable_corrector solver_p sigma_min sigma_max"
            + " shift_terminal");
    put("DEISMultistepScheduler", SPACED + SOLVER + "algorithm_type");
    putWhole("EDMEulerScheduler", EDM_PROCESS + "final_sigmas_type");
    putWhole(
        "EDMDPMSolverMultistepScheduler",
        EDM_PROCESS
            + THRESHOLDED
            + "solver_order solver_type algorithm_type lower_order_final euler_at_final"
            + " final_sigmas_type");
    putMore();
  }

  private static void putMore() {
    String ddim = SPACED + CLIPPED + RESCALED + "set_alpha_to_one ";
    put("DDPMParallelScheduler", SPACED + CLIPPED + THRESHOLDED + RESCALED + "variance_type");
    put("DDIMParallelScheduler", ddim + THRESHOLDED);
    put("DDIMInverseScheduler", ddim);
    put("KDPM2DiscreteScheduler", SPACED + IN_SIGMA);
    put("KDPM2AncestralDiscreteScheduler", SPACED + IN_SIGMA);
    put("DPMSolverSDEScheduler", SPACED + IN_SIGMA + "noise_sampler_seed");
    putWhole("IPNDMScheduler", "num_train_timesteps trained_betas");
    String solver = SPACED + IN_SIGMA + THRESHOLDED + "use_flow_sigmas flow_shift ";
    String clipped = "algorithm_type lower_order_final lambda_min_clipped variance_type ";
    put(
        "DPMSolverMultistepInverseScheduler",
        solver + clipped + "solver_order solver_type euler_at_final");
    put("SASolverScheduler", solver + clipped + "predictor_order corrector_order tau_func");
    String distilled = "original_inference_steps timestep_scaling";
    put("LCMScheduler", ddim + THRESHOLDED + distilled);
    put("TCDScheduler", ddim + THRESHOLDED + distilled);
    putWhole(
        "CMStochasticIterativeScheduler",
        "num_train_timesteps sigma_min sigma_max sigma_data rho s_noise clip_denoised");
  }

  /** The classes with the process of EDM. */
  static final Set<String> EDM =
      Set.of(
          "EDMEulerScheduler", "EDMDPMSolverMultistepScheduler", "CMStochasticIterativeScheduler");

  /** What was written by old releases, and what it may say. */
  static final Map<String, Object> OLD = Map.of("predict_epsilon", true, "tensor_format", "pt");

  private SchedulerKeys() {}

  private static void put(String className, String keys) {
    putWhole(className, PROCESS + keys);
  }

  private static void putWhole(String className, String keys) {
    OF_CLASS.put(className, new TreeSet<>(List.of(keys.trim().split(" +"))));
  }

  /** Returns the classes that are read. */
  static Set<String> classes() {
    return OF_CLASS.keySet();
  }

  /** Returns the options of the class. */
  static Set<String> of(String className) {
    return OF_CLASS.getOrDefault(className, Set.of());
  }

  /**
   * Returns the options of all classes: files keep those of the class that they were made from, and
   * diffusers passes over them.
   */
  static Set<String> all() {
    Set<String> all = new TreeSet<>(OLD.keySet());
    OF_CLASS.values().forEach(all::addAll);
    all.add("timestep_values");
    return all;
  }
}
