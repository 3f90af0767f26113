package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import java.util.Locale;
import java.util.Optional;

/**
 * How a model is meant to be sampled: what the options of diffusers' scheduler say beyond the
 * process itself.
 *
 * @param solver which algorithm
 * @param spacing which times are visited
 * @param offset {@code steps_offset}: how much later than its rule says {@link Spacing#LEADING}
 *     looks
 * @param sigmas whether σ is spaced, and not times
 * @param range from where to where it is spaced
 * @param end where the last step leads
 * @param bound how estimates of x₀ are held in the range of the data
 */
public record PublishedScheduler(
    PublishedSolver solver,
    Spacing spacing,
    int offset,
    Sigmas sigmas,
    SigmaRange range,
    End end,
    Bound bound) {

  /** The range of σ is that of the process. */
  public PublishedScheduler(
      PublishedSolver solver, Spacing spacing, int offset, Sigmas sigmas, End end, Bound bound) {
    this(solver, spacing, offset, sigmas, SigmaRange.OF_PROCESS, end, bound);
  }

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
    LU,
    /** Closer at both ends, {@code use_beta_sigmas}. */
    BETA,
    /**
     * {@code interpolation_type: log_linear}: one more value at equal distances of ln σ, where
     * sampling ends; the network is told the times of the spacing, which are others.
     */
    LOG_LINEAR
  }

  /**
   * {@code sigma_min} and {@code sigma_max}, for spacings of σ.
   *
   * @param smallest the cleanest level that is looked at, if not that of the process
   * @param largest the noisiest
   */
  public record SigmaRange(Optional<Double> smallest, Optional<Double> largest) {
    /** The range of the process. */
    public static final SigmaRange OF_PROCESS = new SigmaRange(Optional.empty(), Optional.empty());

    /** Refuses σ that is not above 0 or does not grow. */
    public SigmaRange {
      smallest.ifPresent(sigma -> OptionRange.positive("sigma_min", sigma));
      largest.ifPresent(sigma -> OptionRange.positive("sigma_max", sigma));
      if (smallest.isPresent() && largest.isPresent() && smallest.get() >= largest.get()) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "sigma_max is %s; allowed: above sigma_min = %s",
                largest.get(),
                smallest.get()));
      }
    }
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

  /**
   * Returns how a model of the process is sampled if nothing else is said: as in the paper, and in
   * few steps from T on, where there is nothing but noise; EDM's by Euler's method.
   */
  public static PublishedScheduler usual(ProcessConfig process) {
    PublishedSolver solver = usualSolver(process);
    boolean ofTimes = solver == PublishedSolver.Plain.DDPM || solver == PublishedSolver.Plain.EULER;
    return new PublishedScheduler(
        solver,
        ofTimes ? Spacing.TRAILING : Spacing.LINSPACE,
        0,
        Sigmas.OF_TIMES,
        End.CLEAN,
        switch (process.x0Range()) {
          case CLIP_TO_DATA -> new Bound.Clip(1);
          case UNBOUNDED -> new Bound.None();
        });
  }

  /** The one that says of the process what there is to say. */
  private static PublishedSolver usualSolver(ProcessConfig process) {
    if (process.schedule() instanceof ScheduleConfig.Edm) {
      return process.prediction() == ProcessConfig.PredictionTarget.CONSISTENCY
          ? new PublishedSolver.Consistency(1)
          : PublishedSolver.Plain.EDM_EULER;
    } else if (process.schedule() instanceof ScheduleConfig.LogSigmaTimes) {
      return PublishedSolver.Plain.EULER;
    }
    return process.schedule() instanceof ScheduleConfig.SquaredSine
        ? PublishedSolver.Plain.IPNDM
        : PublishedSolver.Plain.DDPM;
  }
}
