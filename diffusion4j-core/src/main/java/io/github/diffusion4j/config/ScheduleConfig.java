package io.github.diffusion4j.config;

import java.util.List;

/** Which noise schedule; the formulas are in package {@code diffusion}. */
public sealed interface ScheduleConfig
    permits ScheduleConfig.OfSteps, ScheduleConfig.Edm, ScheduleConfig.LogSigmaTimes {
  /** Returns T, the number of diffusion steps. */
  int steps();

  /**
   * Another schedule, its end moved to pure noise.
   *
   * @param of the schedule to start from
   */
  record ZeroTerminalSnr(Plain of) implements OfSteps {
    @Override
    public int steps() {
      return of.steps();
    }
  }

  /**
   * Another schedule, whose network is told ln(σ) / 4 in place of the number of the step.
   *
   * @param of the schedule
   */
  record LogSigmaTimes(OfSteps of) implements ScheduleConfig {
    /** Refuses the schedule whose networks are told angles. */
    public LogSigmaTimes {
      Require.that(!(of instanceof SquaredSine), "process.schedule.of", of, "all others");
    }

    @Override
    public int steps() {
      return of.steps();
    }
  }

  /** A schedule in steps of β. */
  sealed interface OfSteps extends ScheduleConfig permits Plain, ZeroTerminalSnr {}

  /** A schedule that does not start from another one. */
  sealed interface Plain extends OfSteps
      permits Linear,
          RescaledLinear,
          ScaledLinear,
          Warmup,
          Constant,
          Jsd,
          Proportional,
          Exponential,
          Cosine,
          Sigmoid,
          SigmoidBeta,
          Laplace,
          DiffusersLaplace,
          VariancePreserving,
          SubVariancePreserving,
          VarianceExploding,
          SquaredSine,
          Table {}

  /**
   * β grows linearly; Ho's.
   *
   * @param steps T
   * @param betaStart β of the first step
   * @param betaEnd β of the last step
   */
  record Linear(int steps, double betaStart, double betaEnd) implements Plain {
    /** Refuses β outside 0…1. */
    public Linear {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * β grows linearly, 1000 / T times as much as in {@link Linear}; iDDPM's code.
   *
   * @param steps T
   * @param betaStart β of the first step if T were 1000
   * @param betaEnd β of the last step if T were 1000
   */
  record RescaledLinear(int steps, double betaStart, double betaEnd) implements Plain {
    /** Refuses β outside 0…1. */
    public RescaledLinear {
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
  record ScaledLinear(int steps, double betaStart, double betaEnd) implements Plain {
    /** Refuses β outside 0…1. */
    public ScaledLinear {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * β grows linearly for a while and is constant from then on; "warmup10" and "warmup50" of Ho's
   * code.
   *
   * @param steps T
   * @param betaStart β of the first step
   * @param betaEnd β after the growth
   * @param share the part of the steps in which it grows, 0.1 or 0.5 in Ho's code
   */
  record Warmup(int steps, double betaStart, double betaEnd, double share) implements Plain {
    /** Refuses β outside 0…1 and a share outside 0…1. */
    public Warmup {
      requireBetas(steps, betaStart, betaEnd);
      Require.that(share >= 0 && share <= 1, "process.schedule.share", share, "0 ≤ share ≤ 1");
    }
  }

  /**
   * β is the same in all steps; "const" in Ho's code.
   *
   * @param steps T
   * @param beta β
   */
  record Constant(int steps, double beta) implements Plain {
    /** Refuses β outside 0…1. */
    public Constant {
      requireSteps(steps);
      Require.that(beta > 0 && beta < 1, "process.schedule.beta", beta, "0 < beta < 1");
    }
  }

  /**
   * β is 1 / (T − t + 1), so that ᾱ falls linearly to 0; Ho's code.
   *
   * @param steps T
   */
  record Jsd(int steps) implements Plain {
    /** Refuses T below 1. */
    public Jsd {
      requireSteps(steps);
    }
  }

  /**
   * β is proportional to t: the notes' α = √(1 − 0.02 t / T).
   *
   * @param steps T
   * @param betaEnd β of the last step, often 0.02
   */
  record Proportional(int steps, double betaEnd) implements Plain {
    /** Refuses β outside 0…1. */
    public Proportional {
      requireSteps(steps);
      Require.that(
          betaEnd > 0 && betaEnd < 1, "process.schedule.betaEnd", betaEnd, "0 < betaEnd < 1");
    }
  }

  /**
   * ᾱ falls exponentially, to e^(−rate).
   *
   * @param steps T
   * @param rate often 12
   */
  record Exponential(int steps, double rate) implements Plain {
    /** Refuses rates not above 0. */
    public Exponential {
      requireSteps(steps);
      Require.positive("process.schedule.rate", rate);
    }
  }

  /**
   * ᾱ falls like a squared cosine; Nichol and Dhariwal's.
   *
   * @param steps T
   */
  record Cosine(int steps) implements Plain {
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
  record Sigmoid(int steps, double start, double end, double tau) implements Plain {
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
  record SigmoidBeta(int steps, double betaStart, double betaEnd) implements Plain {
    /** Refuses β outside 0…1. */
    public SigmoidBeta {
      requireBetas(steps, betaStart, betaEnd);
    }
  }

  /**
   * The log SNR has a Laplace distribution over the steps.
   *
   * @param steps T
   * @param mean the log SNR in the middle, often 0
   * @param scale how widely it is spread, often 0.5
   */
  record Laplace(int steps, double mean, double scale) implements Plain {
    /** Refuses scales not above 0. */
    public Laplace {
      requireSteps(steps);
      Require.positive("process.schedule.scale", scale);
    }
  }

  /**
   * What diffusers calls "laplace", which leaves 18 % of the amplitude at the end.
   *
   * @param steps T
   */
  record DiffusersLaplace(int steps) implements Plain {
    /** Refuses T below 1. */
    public DiffusersLaplace {
      requireSteps(steps);
    }
  }

  /**
   * The VP process in continuous time, at T times.
   *
   * @param steps T
   * @param betaMin its rate at the beginning, often 0.1
   * @param betaMax its rate at the end, often 20
   */
  record VariancePreserving(int steps, double betaMin, double betaMax) implements Plain {
    /** Refuses rates not above 0 and falling ones. */
    public VariancePreserving {
      requireRates(steps, betaMin, betaMax);
    }
  }

  /**
   * The sub-VP process in continuous time, at T times, in units in which the variance is kept.
   *
   * @param steps T
   * @param betaMin its rate at the beginning, often 0.1
   * @param betaMax its rate at the end, often 20
   */
  record SubVariancePreserving(int steps, double betaMin, double betaMax) implements Plain {
    /** Refuses rates not above 0 and falling ones. */
    public SubVariancePreserving {
      requireRates(steps, betaMin, betaMax);
    }
  }

  /**
   * The VE process in continuous time, at T times, in units in which the variance is kept.
   *
   * @param steps T
   * @param sigmaMin its noise at the beginning, often 0.01
   * @param sigmaMax its noise at the end, often 50
   */
  record VarianceExploding(int steps, double sigmaMin, double sigmaMax) implements Plain {
    /** Refuses noise that is not above 0 or does not grow. */
    public VarianceExploding {
      requireSteps(steps);
      requireSigmas(sigmaMin, sigmaMax);
    }
  }

  /**
   * The share of noise grows like a squared sine, for networks that are told the angle between
   * image and noise, from 0 to 1; Dance Diffusion's.
   *
   * @param steps T; samplers in continuous time do not depend on it
   */
  record SquaredSine(int steps) implements Plain {
    /** Refuses T below 1. */
    public SquaredSine {
      requireSteps(steps);
    }
  }

  /**
   * Every β given.
   *
   * @param betas β of the steps 1…T
   */
  record Table(List<Double> betas) implements Plain {
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

  /**
   * T values of σ between two ends, for networks that EDM's preconditioning stands before: they see
   * images scaled to variance 1, and are told ln(σ) / 4.
   *
   * @param steps T; samplers in σ do not depend on it
   * @param sigmaMin σ of the first step, often 0.002
   * @param sigmaMax σ of the last step, often 80
   * @param dataDeviation the standard deviation of the data, often 0.5
   * @param spacing how σ goes from end to end
   * @param rho the root of σ that has equal distances, often 7; without effect on others
   */
  record Edm(
      int steps,
      double sigmaMin,
      double sigmaMax,
      double dataDeviation,
      Spacing spacing,
      double rho)
      implements ScheduleConfig {
    /** How σ goes from end to end. */
    public enum Spacing {
      /** Equal distances of a root of σ. */
      KARRAS,
      /** Equal distances of ln σ. */
      EXPONENTIAL
    }

    /** Refuses σ that is not above 0 or does not grow. */
    public Edm {
      requireSteps(steps);
      requireSigmas(sigmaMin, sigmaMax);
      Require.positive("process.schedule.dataDeviation", dataDeviation);
      Require.positive("process.schedule.rho", rho);
    }
  }

  private static void requireSigmas(double min, double max) {
    Require.positive("process.schedule.sigmaMin", min);
    Require.that(
        max > min && max < Double.POSITIVE_INFINITY,
        "process.schedule.sigmaMax",
        max,
        "a number above sigmaMin = " + min);
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

  private static void requireRates(int steps, double min, double max) {
    requireSteps(steps);
    Require.positive("process.schedule.betaMin", min);
    Require.that(
        max >= min && max < Double.POSITIVE_INFINITY,
        "process.schedule.betaMax",
        max,
        "betaMin = " + min + " or a number above");
  }
}
