package io.github.diffusion4j.cli;

import io.github.diffusion4j.EvaluationReport;
import io.github.diffusion4j.EvaluationReport.Row;
import io.github.diffusion4j.evaluation.Interval;
import java.io.PrintStream;
import java.util.Locale;

/** An evaluation as people read it. */
record EvaluationTable(EvaluationReport report) {
  private static final int SIGNIFICANT = 4;

  void print(PrintStream out) {
    int width = report.rows().stream().mapToInt(row -> row.metric().length()).max().orElse(0) + 2;
    out.println(report.protocol());
    for (String warning : report.warnings()) {
      out.println("warning: " + warning);
    }
    out.println();
    String format = "%-" + width + "s %10s   %-22s %s%n";
    out.printf(Locale.ROOT, format, "metric", "value", "95 % interval", "how");
    for (Row row : report.rows()) {
      out.printf(
          Locale.ROOT,
          format,
          row.metric(),
          value(row),
          row.interval().map(Interval::toString).orElse(""),
          row.how());
    }
  }

  /** With as many digits as the interval, or a few significant ones. */
  static String value(Row row) {
    if (row.interval().isPresent() && row.interval().get().low() < row.interval().get().high()) {
      String low = row.interval().get().toString().split(" ", -1)[0];
      int point = low.indexOf('.');
      int digits = point < 0 ? 0 : low.length() - point - 1;
      return String.format(Locale.ROOT, "%." + digits + "f", row.value());
    }
    return String.format(Locale.ROOT, "%." + SIGNIFICANT + "g", row.value());
  }
}
