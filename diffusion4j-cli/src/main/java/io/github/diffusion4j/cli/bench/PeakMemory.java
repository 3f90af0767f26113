package io.github.diffusion4j.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** The most memory that a process had at a time, as Linux counts it. */
final class PeakMemory {
  private static final String LINE = "VmHWM:";

  private PeakMemory() {}

  /** Returns that of this process in KiB, or nothing on other systems. */
  static OptionalLong ofThisProcess() {
    return of(Path.of("/proc/self/status"));
  }

  /** Returns that of another process, or nothing if it has ended. */
  static OptionalLong of(long process) {
    return of(Path.of(String.format(Locale.ROOT, "/proc/%d/status", process)));
  }

  static OptionalLong of(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(LINE))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
