package io.github.diffusion4j.cli.bench;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Measurements as people read them. */
final class Display {
  private Display() {}

  /** Returns seconds from 1 on, milliseconds below. */
  static String time(double seconds) {
    return seconds >= 1
        ? String.format(Locale.ROOT, "%.2f s", seconds)
        : String.format(Locale.ROOT, seconds >= 0.1 ? "%.0f ms" : "%.2f ms", 1000 * seconds);
  }

  /** Returns images per second, or the time where images do not count. */
  static String speed(OptionalInt images, double seconds) {
    if (images.isEmpty()) {
      return time(seconds);
    }
    double rate = images.getAsInt() / seconds;
    return String.format(Locale.ROOT, rate >= 100 ? "%.0f images/s" : "%.1f images/s", rate);
  }

  static String memory(OptionalLong kib) {
    return kib.isPresent()
        ? String.format(Locale.ROOT, "%d MiB", kib.getAsLong() / 1024)
        : "unknown";
  }
}
