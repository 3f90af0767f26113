package io.github.diffusion4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Runs the command line in this process and keeps what it printed. */
record Cli(int exitCode, String out, String err) {

  static Cli run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      CommandLine commandLine =
          Main.commandLine()
              .setOut(new PrintWriter(captured, true, StandardCharsets.UTF_8))
              .setErr(new PrintWriter(err, true));
      int exitCode = commandLine.execute(arguments);
      return new Cli(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }
}
