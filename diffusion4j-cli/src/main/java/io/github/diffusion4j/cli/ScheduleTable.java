package io.github.diffusion4j.cli;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The numbers of noise schedules, as text for people and for programs. */
final class ScheduleTable {
  private static final int ROWS = 10;

  private ScheduleTable() {}

  /** Returns one line for each schedule and time. */
  static String csv(Map<ScheduleKind, NoiseSchedule> schedules) {
    StringBuilder csv = new StringBuilder("kind,t,beta,alpha,alphaBar,betaTilde,snr,logSnr\n");
    schedules.forEach(
        (kind, schedule) -> {
          for (int t = 1; t <= schedule.steps(); t++) {
            StringJoiner line = new StringJoiner(",", "", "\n").add(kind.name()).add("" + t);
            for (double value : row(schedule, t)) {
              line.add(Double.toString(value));
            }
            csv.append(line);
          }
        });
    return csv.toString();
  }

  private static double[] row(NoiseSchedule schedule, int t) {
    return new double[] {
      schedule.beta(t),
      schedule.alpha(t),
      schedule.alphaBar(t),
      schedule.betaTilde(t),
      schedule.snr(t),
      schedule.logSnr(t)
    };
  }

  /** Prints a few lines of one schedule. */
  static void print(ScheduleKind kind, NoiseSchedule schedule, PrintStream out) {
    int steps = schedule.steps();
    out.printf("%n%s, T = %d%n", kind, steps);
    out.println(
        "       t          beta         alpha      alphaBar     betaTilde           SNR       log SNR");
    for (int row = 0; row <= ROWS; row++) {
      int t = Math.max(1, Math.round((float) steps * row / ROWS));
      StringBuilder line = new StringBuilder(String.format("%8d", t));
      for (double value : row(schedule, t)) {
        line.append(String.format(Locale.ROOT, "  %12.5g", value));
      }
      out.println(line);
    }
    out.printf(
        Locale.ROOT,
        "at T an image keeps %.3g %% of its amplitude%n",
        100 * schedule.sqrtAlphaBar(steps));
  }
}
