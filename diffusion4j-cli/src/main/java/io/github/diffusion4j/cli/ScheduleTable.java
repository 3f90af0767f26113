package io.github.diffusion4j.cli;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of noise schedules, as text for people and for programs. */
final class ScheduleTable {
  private static final int ROWS = 10;

  private ScheduleTable() {}

  /** Returns one row for each schedule and time. */
  static Csv csv(Map<ScheduleKind, NoiseSchedule> schedules) {
    Csv csv = Csv.of("kind,t,beta,alpha,alphaBar,betaTilde,snr,logSnr");
    schedules.forEach(
        (kind, schedule) -> {
          for (int t = 1; t <= schedule.steps(); t++) {
            List<Object> row = new ArrayList<>(List.of(kind.toString(), t));
            for (double value : row(schedule, t)) {
              row.add(value);
            }
            csv.row(row.toArray());
          }
        });
    return csv;
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
    out.printf(Locale.ROOT, "%n%s, T = %d%n", kind, steps);
    out.println(
        "       t          beta         alpha      alphaBar     betaTilde           SNR       log SNR");
    for (int row = 0; row <= ROWS; row++) {
      int t = Math.max(1, Math.round((float) steps * row / ROWS));
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%8d", t));
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
