package io.github.diffusion4j.config;

import java.util.List;

/** Which noise schedule; the formulas are in package {@code diffusion}. */
public sealed interface ScheduleConfig {
  /** Returns T, the number of diffusion steps. */
  int steps();

  /**
   * β grows linearly; Ho's.
   *
   * @param steps T
   * @param betaStart β of the first step
   * @param betaEnd β of the last step
   */
  record Linear(int steps, double betaStart, double betaEnd) implements ScheduleConfig {
    /** Refuses β outside 0…1. */
    public Linear {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * √β grows linearly; latent diffusion's.
   *
   * @param steps T
   * @param betaStart β of the first step
   * @param betaEnd β of the last step
   */
  record ScaledLinear(int steps, double betaStart, double betaEnd) implements ScheduleConfig {
    /** Refuses β outside 0…1. */
    public ScaledLinear {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * ᾱ falls like a squared cosine; Nichol and Dhariwal's.
   *
   * @param steps T
   */
  record Cosine(int steps) implements ScheduleConfig {
    /** Refuses T below 1. */
    public Cosine {
      requireSteps(steps);
    }
  }

  /**
   * ᾱ falls like a sigmoid; Jabri's.
   *
   * @param steps T
   * @param start argument of the sigmoid at time 0, often −3
   * @param end argument at time T, often 3
   * @param tau temperature by which both are divided, often 1
   */
  record Sigmoid(int steps, double start, double end, double tau) implements ScheduleConfig {
    /** Refuses an empty range and temperatures not above 0. */
    public Sigmoid {
      requireSteps(steps);
      Require.that(start < end, "process.schedule.start", start, "less than end = " + end);
      Require.positive("process.schedule.tau", tau);
    }
  }

  /**
   * β grows like a sigmoid; GeoDiff's, and what diffusers calls "sigmoid".
   *
   * @param steps T
   * @param betaStart the limit that β leaves
   * @param betaEnd the limit that β approaches
   */
  record SigmoidBeta(int steps, double betaStart, double betaEnd) implements ScheduleConfig {
    /** Refuses β outside 0…1. */
    public SigmoidBeta {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * Every β given.
   *
   * @param betas β of the steps 1…T
   */
  record Table(List<Double> betas) implements ScheduleConfig {
    /** Refuses an empty table and β outside 0…1. */
    public Table {
      betas = List.copyOf(betas);
      Require.that(!betas.isEmpty(), "process.schedule.betas", betas, "at least one number");
      for (double beta : betas) {
        Require.that(
            beta > 0 && beta <= 1, "process.schedule.betas", "a list with " + beta, "0 < β ≤ 1");
      }
    }

    @Override
    public int steps() {
      return betas.size();
    }
  }

  private static void requireSteps(int steps) {
    Require.positive("process.schedule.steps", steps);
  }

  private static void requireBetas(int steps, double start, double end) {
    requireSteps(steps);
    Require.that(start > 0 && start < 1, "process.schedule.betaStart", start, "0 < betaStart < 1");
    Require.that(
        end >= start && end < 1,
        "process.schedule.betaEnd",
        end,
        "betaStart ≤ betaEnd < 1, with betaStart = " + start);
  }
}
