package io.github.diffusion4j.cli;

import java.util.Locale;

/** Times for people. */
final class Durations {
  private Durations() {}

  /** Returns for example {@code 42 s}, {@code 3:05 min} or {@code 2:10 h}. */
  static String of(double seconds) {
    if (Double.isNaN(seconds)) {
      return "?";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
  }
}
