package io.github.diffusion4j;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import java.util.Optional;

/**
 * The sampler and the number of steps that are taken where nobody chose any; docs/performance.md
 * has the measurements.
 */
final class SamplingDefaults {
  private static final int FEW_STEPS = 50;
  private static final int STEPS_OF_SOLVERS = 25;
  private static final int LANGEVIN_LEVELS = 20; // with a hundred evaluations at each

  private SamplingDefaults() {}

  /**
   * Returns the best sampler for its time.
   *
   * <p>Ancestral sampling in few steps needs a variance that is right for long steps: β̃, a learned
   * one, or one between the two. With β, which fits all T steps only, its images are noisy ([DDIM
   * Table 1]), and a solver without noise of its own is better.
   *
   * @param spacing the spacing that was chosen, if one was; one of σ excludes ancestral sampling
   */
  static Sampler sampler(ProcessConfig process, Optional<Spacing> spacing) {
    boolean inTimes = spacing.map(Spacing::isOfTimes).orElse(true);
    return inTimes && suitsLongSteps(process) ? Sampler.DDPM : Sampler.DPM_PLUS_PLUS_2M;
  }

  /** Returns how many steps a sampler takes; for a schedule with fewer, all of them. */
  static int steps(Sampler sampler, ProcessConfig process) {
    int all = process.schedule().steps();
    int usual =
        switch (sampler) {
          case DDPM -> suitsLongSteps(process) ? FEW_STEPS : all;
          case DPM_PLUS_PLUS_2M,
              DPM_PLUS_PLUS_3M,
              DPM_PLUS_PLUS_2S,
              DPM_PLUS_PLUS_3S,
              UNIPC,
              DEIS,
              HEUN,
              EDM,
              KDPM2,
              KDPM2_ANCESTRAL,
              SA_SOLVER,
              DPM_SDE ->
              STEPS_OF_SOLVERS;
          case LANGEVIN -> LANGEVIN_LEVELS;
          case DDIM,
              EULER,
              EULER_ANCESTRAL,
              LMS,
              PNDM,
              PLMS,
              IPNDM,
              DPM_PLUS_PLUS_SDE,
              RK45,
              REVERSE_SDE,
              PREDICTOR_CORRECTOR ->
              FEW_STEPS;
        };
    return Math.min(all, usual);
  }

  private static boolean suitsLongSteps(ProcessConfig process) {
    return process.variance() != ProcessConfig.VarianceChoice.BETA;
  }
}
