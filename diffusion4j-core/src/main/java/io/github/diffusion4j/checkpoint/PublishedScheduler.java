package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ProcessConfig;

/**
 * How a model is meant to be sampled: what the options of diffusers' scheduler say beyond the
 * process itself.
 *
 * @param solver which algorithm
 * @param spacing which times are visited
 * @param offset {@code steps_offset}: how much later than its rule says {@link Spacing#LEADING}
 *     looks
 * @param sigmas whether σ is spaced, and not times
 * @param end where the last step leads
 * @param bound how estimates of x₀ are held in the range of the data
 */
public record PublishedScheduler(
    PublishedSolver solver, Spacing spacing, int offset, Sigmas sigmas, End end, Bound bound) {

  /** {@code timestep_spacing}. */
  public enum Spacing {
    /** Equal distances from both ends. */
    LINSPACE,
    /** Equal distances from the clean end. */
    LEADING,
    /** Equal distances from the noisy end. */
    TRAILING
  }

  /** {@code use_karras_sigmas} and its like. */
  public enum Sigmas {
    /** None: times are spaced. */
    OF_TIMES,
    /** EDM's spacing. */
    KARRAS,
    /** Equal distances of ln σ, {@code use_exponential_sigmas}. */
    EXPONENTIAL,
    /** Equal distances of λ, {@code use_lu_lambdas}. */
    LU
  }

  /** {@code final_sigmas_type}, or {@code set_alpha_to_one}. */
  public enum End {
    /** A clean image. */
    CLEAN,
    /** The first level of the process. */
    FIRST_LEVEL
  }

  /** How x̂₀ is held in the range of the data. */
  public sealed interface Bound {
    /** Not at all. */
    record None() implements Bound {}

    /**
     * {@code clip_sample}.
     *
     * @param range the largest absolute value
     */
    record Clip(double range) implements Bound {
      /** Refuses ranges that hold nothing. */
      public Clip {
        OptionRange.positive("clip_sample_range", range);
      }
    }

    /**
     * {@code thresholding}.
     *
     * @param ratio the quantile
     * @param most the largest value that images are scaled down from
     */
    record Threshold(double ratio, double most) implements Bound {
      /** Refuses quantiles outside 0…1. */
      public Threshold {
        OptionRange.fraction("dynamic_thresholding_ratio", ratio);
        OptionRange.positive("sample_max_value", most);
      }
    }
  }

  /** Returns ancestral sampling as diffusers does it by default, for a model of the process. */
  public static PublishedScheduler ddpm(ProcessConfig process) {
    return new PublishedScheduler(
        PublishedSolver.Plain.DDPM,
        Spacing.LEADING,
        0,
        Sigmas.OF_TIMES,
        End.CLEAN,
        switch (process.x0Range()) {
          case CLIP_TO_DATA -> new Bound.Clip(1);
          case UNBOUNDED -> new Bound.None();
        });
  }
}
