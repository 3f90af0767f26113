package io.github.diffusion4j.cli;

import java.io.PrintWriter;
import java.util.List;

/** Warnings on the terminal, one line each. */
final class Warnings {
  private Warnings() {}

  static void print(List<String> warnings, PrintWriter err) {
    warnings.forEach(warning -> err.println("warning: " + warning));
  }
}
