package io.github.diffusion4j;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.PriorGap;
import io.github.diffusion4j.training.FromConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is allowed of a process and yet probably not meant, one sentence each. */
public final class ScheduleWarnings {
  private static final int REFERENCE_STEPS = 1000;
  private static final double BETA_START = 1e-4;
  private static final double BETA_END = 0.02;

  private ScheduleWarnings() {}

  /** Returns what is to be said about {@code process}; often nothing. */
  public static List<String> of(ProcessConfig process) {
    List<String> warnings = new ArrayList<>(of(process.schedule()));
    NoiseSchedule schedule = FromConfig.schedule(process.schedule());
    if (schedule.alphaBar(schedule.steps()) == 0
        && process.prediction() == ProcessConfig.PredictionTarget.EPSILON) {
      warnings.add(
          "at T nothing is left of the image, and prediction epsilon tells nothing about it there;"
              + " x0 and v do");
    }
    return List.copyOf(warnings);
  }

  /** Returns what is to be said about {@code schedule} alone. */
  public static List<String> of(ScheduleConfig schedule) {
    List<String> warnings = new ArrayList<>();
    betasOfThousandSteps(schedule).ifPresent(warnings::add);
    PriorGap.of(FromConfig.schedule(schedule)).warning().ifPresent(warnings::add);
    return List.copyOf(warnings);
  }

  /** "linear" has two readings when T is not the 1000 that its betas were chosen for. */
  private static Optional<String> betasOfThousandSteps(ScheduleConfig schedule) {
    int steps = schedule.steps();
    if (steps == REFERENCE_STEPS) {
      return Optional.empty();
    }
    double scale = (double) REFERENCE_STEPS / steps;
    if (schedule instanceof ScheduleConfig.Linear c && areDdpm(c.betaStart(), c.betaEnd())) {
      return Optional.of(
          twoReadings(
              "linear",
              schedule,
              new ScheduleConfig.RescaledLinear(steps, c.betaStart(), c.betaEnd()),
              "kind rescaled-linear"));
    }
    if (schedule instanceof ScheduleConfig.ScaledLinear c
        && areDdpm(c.betaStart(), c.betaEnd())
        && scale * c.betaEnd() < 1) {
      double start = scale * c.betaStart();
      double end = scale * c.betaEnd();
      return Optional.of(
          twoReadings(
              "scaled-linear",
              schedule,
              new ScheduleConfig.ScaledLinear(steps, start, end),
              String.format(Locale.ROOT, "betaStart %.4g, betaEnd %.4g", start, end)));
    }
    return Optional.empty();
  }

  private static boolean areDdpm(double betaStart, double betaEnd) {
    return betaStart == BETA_START && betaEnd == BETA_END;
  }

  private static String twoReadings(
      String kind, ScheduleConfig kept, ScheduleConfig rescaled, String how) {
    return String.format(
        Locale.ROOT,
        "%s keeps the betas of T = 1000 with T = %d, so that alpha-bar ends at %.3g;"
            + " times 1000 / T it would end at %.3g (%s)",
        kind,
        kept.steps(),
        lastAlphaBar(kept),
        lastAlphaBar(rescaled),
        how);
  }

  private static double lastAlphaBar(ScheduleConfig config) {
    NoiseSchedule schedule = FromConfig.schedule(config);
    return schedule.alphaBar(schedule.steps());
  }
}
