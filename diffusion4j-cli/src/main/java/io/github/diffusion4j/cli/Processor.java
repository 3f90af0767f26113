package io.github.diffusion4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor of this machine. */
public final class Processor {
  private static final Path LIST = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** Returns its name, or that of its architecture where the system does not say. */
  public static String name() {
    try {
      return Files.readAllLines(LIST, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(Processor::architecture);
    } catch (IOException e) {
      return architecture();
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
