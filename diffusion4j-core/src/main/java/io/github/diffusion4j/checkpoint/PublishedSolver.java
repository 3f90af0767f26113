package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The algorithm of one of diffusers' schedulers, with the options that are its own. */
public sealed interface PublishedSolver {

  /** Returns the name of the class in diffusers. */
  String className();

  /** Returns whether it is made for the process of EDM, and for no other. */
  default boolean isOfEdm() {
    return SchedulerKeys.EDM.contains(className());
  }

  /** Returns whether it takes images to noise, and not noise to images. */
  default boolean isInverse() {
    return this == Plain.DDIM_INVERSE
        || (this instanceof Dpm dpm && dpm.form() == Dpm.Form.INVERSE_MULTISTEP);
  }

  /** Returns {@code lambda_min_clipped}: noisier times are not visited; −∞ visits all. */
  default double leastLambda() {
    return Double.NEGATIVE_INFINITY;
  }

  /** Returns whether its steps are those of DDPM. */
  default boolean isDdpm() {
    return this == Plain.DDPM || this == Plain.DDPM_PARALLEL;
  }

  /** Returns whether its steps are those of DDIM, with η. */
  default boolean isDdim() {
    return this == Plain.DDIM || this == Plain.DDIM_PARALLEL;
  }

  /** Returns whether it is made for networks that go to a clean image in one step. */
  default boolean isOfFewSteps() {
    return this instanceof Distilled || this instanceof Consistency;
  }

  /** Algorithms without options of their own. */
  enum Plain implements PublishedSolver {
    /** Ancestral sampling. */
    DDPM("DDPMScheduler"),
    /** The implicit process. */
    DDIM("DDIMScheduler"),
    /** Euler's method in σ. */
    EULER("EulerDiscreteScheduler"),
    /** Euler's method with fresh noise. */
    EULER_ANCESTRAL("EulerAncestralDiscreteScheduler"),
    /** Heun's method in σ. */
    HEUN("HeunDiscreteScheduler"),
    /** Linear multistep in σ, of order 4. */
    LMS("LMSDiscreteScheduler"),
    /** Euler's method in σ for EDM's process. */
    EDM_EULER("EDMEulerScheduler"),
    /** {@link #DDPM}; several steps at once are for pipelines that ask for them. */
    DDPM_PARALLEL("DDPMParallelScheduler"),
    /** {@link #DDIM}, alike. */
    DDIM_PARALLEL("DDIMParallelScheduler"),
    /** The implicit process the other way, from images to noise. */
    DDIM_INVERSE("DDIMInverseScheduler"),
    /** DPM-Solver-2 in σ. */
    KDPM2("KDPM2DiscreteScheduler"),
    /** DPM-Solver-2 with fresh noise. */
    KDPM2_ANCESTRAL("KDPM2AncestralDiscreteScheduler"),
    /** Improved pseudo numerical sampling, for a process of its own. */
    IPNDM("IPNDMScheduler");

    private final String className;

    Plain(String className) {
      this.className = className;
    }

    @Override
    public String className() {
      return className;
    }
  }

  /**
   * Pseudo numerical sampling.
   *
   * @param start how it begins
   */
  record Pndm(Start start) implements PublishedSolver {
    /** How the first looks are won. */
    public enum Start {
      /** Runge–Kutta steps. */
      RUNGE_KUTTA,
      /** {@code skip_prk_steps}. */
      TWO_LOOKS
    }

    @Override
    public String className() {
      return "PNDMScheduler";
    }
  }

  /**
   * DPM-Solver and DPM-Solver++.
   *
   * @param form multistep or single steps
   * @param order 1, 2 or 3
   * @param algorithm what is interpolated, and along which equation
   * @param rule {@code solver_type}
   * @param last the order of the last steps
   * @param leastLambda {@code lambda_min_clipped}: noisier times are not visited; −∞ visits all
   */
  record Dpm(
      Form form,
      int order,
      Algorithm algorithm,
      SolverType rule,
      LastSteps last,
      double leastLambda)
      implements PublishedSolver {
    /** Where looks come from. */
    public enum Form {
      /** From steps before. */
      MULTISTEP,
      /** From the groups of the step itself. */
      SINGLE_STEP,
      /** From steps before, for EDM's process; of x̂₀ only. */
      EDM_MULTISTEP,
      /** From steps before, from images to noise. */
      INVERSE_MULTISTEP
    }

    /** {@code algorithm_type}. */
    public enum Algorithm {
      /** x̂₀ along the flow. */
      DPMSOLVER_PLUS_PLUS("dpmsolver++"),
      /** ε̂ along the flow. */
      DPMSOLVER("dpmsolver"),
      /** x̂₀ along the SDE. */
      SDE_DPMSOLVER_PLUS_PLUS("sde-dpmsolver++"),
      /** ε̂ along the SDE. */
      SDE_DPMSOLVER("sde-dpmsolver");

      private final String word;

      Algorithm(String word) {
        this.word = word;
      }

      String word() {
        return word;
      }
    }

    /** {@code solver_type}. */
    public enum SolverType {
      /** The value in the middle. */
      MIDPOINT,
      /** The mean. */
      HEUN
    }

    /** {@code lower_order_final} and {@code euler_at_final}. */
    public enum LastSteps {
      /** Neither. */
      FULL,
      /** {@code lower_order_final}. */
      FALLING,
      /** {@code euler_at_final}. */
      EULER,
      /** Both. */
      FALLING_AND_EULER;

      boolean isFalling() {
        return this == FALLING || this == FALLING_AND_EULER;
      }

      boolean isEuler() {
        return this == EULER || this == FALLING_AND_EULER;
      }
    }

    /** All times may be visited. */
    public Dpm(Form form, int order, Algorithm algorithm, SolverType rule, LastSteps last) {
      this(form, order, algorithm, rule, last, Double.NEGATIVE_INFINITY);
    }

    /** Refuses other orders. */
    public Dpm {
      OptionRange.require(order, 3);
      OptionRange.requireLambda(leastLambda);
    }

    @Override
    public String className() {
      return switch (form) {
        case MULTISTEP -> "DPMSolverMultistepScheduler";
        case SINGLE_STEP -> "DPMSolverSinglestepScheduler";
        case EDM_MULTISTEP -> "EDMDPMSolverMultistepScheduler";
        case INVERSE_MULTISTEP -> "DPMSolverMultistepInverseScheduler";
      };
    }
  }

  /**
   * UniPC.
   *
   * @param order 1 or more
   * @param interpolated {@code predict_x0}
   * @param scale {@code solver_type}
   * @param uncorrected {@code disable_corrector}: numbers of steps, from 0
   * @param last the order of the last steps
   */
  record UniPc(
      int order, Interpolated interpolated, Scale scale, Set<Integer> uncorrected, LastOrder last)
      implements PublishedSolver {
    /** What is interpolated. */
    public enum Interpolated {
      /** x̂₀. */
      X0,
      /** ε̂. */
      EPSILON
    }

    /** B(h) of the paper. */
    public enum Scale {
      /** h. */
      BH1,
      /** eʰ − 1. */
      BH2;

      String word() {
        return Word.of(this);
      }
    }

    /** Refuses other orders. */
    public UniPc {
      OptionRange.require(order, Integer.MAX_VALUE);
      uncorrected = Set.copyOf(uncorrected);
    }

    @Override
    public String className() {
      return "UniPCMultistepScheduler";
    }
  }

  /**
   * DEIS.
   *
   * @param order 1, 2 or 3
   * @param last the order of the last steps
   */
  record Deis(int order, LastOrder last) implements PublishedSolver {
    /** Refuses other orders. */
    public Deis {
      OptionRange.require(order, 3);
    }

    @Override
    public String className() {
      return "DEISMultistepScheduler";
    }
  }

  /**
   * DPM-Solver++ of order 2 along the SDE, in σ.
   *
   * @param noiseSeed {@code noise_sampler_seed}; kept for the file, while noise comes from the seed
   *     of the run
   */
  record DpmSde(Optional<Integer> noiseSeed) implements PublishedSolver {
    @Override
    public String className() {
      return "DPMSolverSDEScheduler";
    }
  }

  /**
   * SA-Solver.
   *
   * @param predictorOrder 1 to 4
   * @param correctorOrder 1 to 4
   * @param target {@code algorithm_type}
   * @param last the order of the last steps
   * @param leastLambda {@code lambda_min_clipped}, as in {@link Dpm}
   */
  record SaSolver(
      int predictorOrder, int correctorOrder, Target target, LastOrder last, double leastLambda)
      implements PublishedSolver {
    /** What is interpolated. */
    public enum Target {
      /** x̂₀. */
      DATA_PREDICTION("data_prediction"),
      /** ε̂. */
      NOISE_PREDICTION("noise_prediction");

      private final String word;

      Target(String word) {
        this.word = word;
      }

      String word() {
        return word;
      }
    }

    /** Refuses other orders. */
    public SaSolver {
      OptionRange.require("predictor_order", predictorOrder, 4);
      OptionRange.require("corrector_order", correctorOrder, 4);
      OptionRange.requireLambda(leastLambda);
    }

    @Override
    public String className() {
      return "SASolverScheduler";
    }
  }

  /**
   * Sampling with a network that was distilled from another one.
   *
   * @param kind which distillation
   * @param originalSteps {@code original_inference_steps}: of how many times the network knows each
   * @param timestepScaling {@code timestep_scaling} of latent consistency models
   */
  record Distilled(Kind kind, int originalSteps, double timestepScaling)
      implements PublishedSolver {
    /** Which distillation. */
    public enum Kind {
      /** Latent consistency. */
      LCM,
      /** Trajectory consistency. */
      TCD
    }

    /** Refuses fewer times than one. */
    public Distilled {
      OptionRange.require("original_inference_steps", originalSteps, Integer.MAX_VALUE);
    }

    @Override
    public String className() {
      return kind + "Scheduler";
    }
  }

  /**
   * Sampling with a consistency model.
   *
   * @param noiseDeviation {@code s_noise}
   */
  record Consistency(double noiseDeviation) implements PublishedSolver {
    /** Refuses negative noise. */
    public Consistency {
      if (!(noiseDeviation >= 0)) {
        throw new UserException(
            String.format(Locale.ROOT, "s_noise is %s; allowed: 0 or more", noiseDeviation));
      }
    }

    @Override
    public String className() {
      return "CMStochasticIterativeScheduler";
    }
  }

  /** {@code lower_order_final}. */
  enum LastOrder {
    /** As high as in other steps. */
    FULL,
    /** Down to 1 in the last step. */
    FALLING
  }
}
