package io.github.diffusion4j.config;

/**
 * How images are drawn from the trained network.
 *
 * @param sampler which algorithm
 * @param steps how many levels of noise are left on the way; most samplers ask the network once for
 *     each
 * @param eta DDIM only: 0 adds no noise, 1 as much as DDPM
 * @param spacing which levels of noise are visited
 */
public record SamplingConfig(Sampler sampler, int steps, double eta, Spacing spacing) {
  /** Which algorithm; package {@code sampling} has a class for each. */
  public enum Sampler {
    /** Ancestral sampling, the paper's. */
    DDPM,
    /** The implicit process, good with few steps. */
    DDIM,
    /** Euler's method on the probability-flow equation; the same as DDIM without noise. */
    EULER,
    /** Euler's method with fresh noise. */
    EULER_ANCESTRAL,
    /** Heun's method: two evaluations per step, second order. */
    HEUN,
    /** Heun's method with the noise that EDM stirs in. */
    EDM,
    /** Linear multistep of order 4. */
    LMS,
    /** Pseudo-numerical method that starts with Runge-Kutta steps. */
    PNDM,
    /** Pseudo-numerical method without them. */
    PLMS,
    /** DPM-Solver++, multistep, order 2. */
    DPM_PLUS_PLUS_2M,
    /** DPM-Solver++, multistep, order 3. */
    DPM_PLUS_PLUS_3M,
    /** DPM-Solver++, single steps, order 2. */
    DPM_PLUS_PLUS_2S,
    /** DPM-Solver++, single steps, order 3. */
    DPM_PLUS_PLUS_3S,
    /** DPM-Solver++ on the SDE, multistep, order 2. */
    DPM_PLUS_PLUS_SDE,
    /** Predictor and corrector in one, order 2. */
    UNIPC,
    /** Exponential integrator with a polynomial of the noise, order 2. */
    DEIS,
    /** Runge-Kutta with error control; chooses its own steps. */
    RK45,
    /** The reverse SDE, Euler-Maruyama. */
    REVERSE_SDE,
    /** A step of the reverse SDE and one of Langevin dynamics at each level. */
    PREDICTOR_CORRECTOR,
    /** Annealed Langevin dynamics: 100 evaluations at each level. */
    LANGEVIN,
    /** DPM-Solver-2 with the midpoint: two evaluations per step, second order. */
    KDPM2,
    /** DPM-Solver-2 with fresh noise. */
    KDPM2_ANCESTRAL,
    /** Pseudo-numerical method of one evaluation in every step. */
    IPNDM,
    /** Stochastic Adams method, predictor and corrector of order 2. */
    SA_SOLVER,
    /** DPM-Solver++ on the SDE with the midpoint: two evaluations per step. */
    DPM_SDE
  }

  /** Which levels of noise are visited. */
  public enum Spacing {
    /** Equal distances of t, counted from the clean end. */
    LEADING,
    /** Equal distances of t, counted from the noisy end. */
    TRAILING,
    /** Equal distances of t with both ends, rounded. */
    LINSPACE,
    /** EDM's, close to each other where there is little noise; not for DDPM. */
    KARRAS,
    /** Equal distances of ln σ; not for DDPM. */
    EXPONENTIAL;

    /**
     * Returns the spacing that suits a sampler, on any schedule.
     *
     * <p>Methods that treat ε̂ as a function of σ, and those whose formula is for steps of equal
     * length, get equal steps of ln σ: in equal steps of t the first step of a cosine schedule
     * covers most of σ's range, and the last ones are as coarse as the noise that they remove.
     * Langevin dynamics needs levels in geometric progression for the same reason ([NCSN]). Methods
     * that evaluate between their levels get Karras's, as they were published with.
     */
    public static Spacing suiting(Sampler sampler) {
      return switch (sampler) {
        case HEUN, EDM, LMS, PNDM, PLMS, IPNDM, LANGEVIN, KDPM2_ANCESTRAL -> EXPONENTIAL;
        case KDPM2, DPM_SDE -> KARRAS;
        case DDPM,
            DDIM,
            EULER,
            EULER_ANCESTRAL,
            DPM_PLUS_PLUS_2M,
            DPM_PLUS_PLUS_3M,
            DPM_PLUS_PLUS_2S,
            DPM_PLUS_PLUS_3S,
            DPM_PLUS_PLUS_SDE,
            UNIPC,
            DEIS,
            SA_SOLVER,
            RK45,
            REVERSE_SDE,
            PREDICTOR_CORRECTOR ->
            TRAILING;
      };
    }

    /** Returns whether times are chosen, and not values of σ. */
    public boolean isOfTimes() {
      return switch (this) {
        case LEADING, TRAILING, LINSPACE -> true;
        case KARRAS, EXPONENTIAL -> false;
      };
    }
  }

  /** Refuses step numbers below 1, η outside 0…1, and σ spacings for DDPM, which counts times. */
  public SamplingConfig {
    Require.positive("sampling.steps", steps);
    Require.that(eta >= 0 && eta <= 1, "sampling.eta", eta, "0 ≤ eta ≤ 1");
    Require.that(
        sampler != Sampler.DDPM || spacing.isOfTimes(),
        "sampling.spacing",
        Word.of(spacing),
        "leading, trailing or linspace for ddpm");
  }
}
