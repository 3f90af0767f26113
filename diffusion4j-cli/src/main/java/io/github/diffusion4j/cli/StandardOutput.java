package io.github.diffusion4j.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What goes to the standard output. Verbs print for people on {@link System#out} and for programs
 * on {@link CommandLine#getOut()}; while {@code --quiet} or {@code --json -} is given, the first is
 * not the standard output.
 */
public final class StandardOutput {
  /** The option that silences all text for people. */
  static final String QUIET = "--quiet";

  private static final PrintStream NOTHING =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private StandardOutput() {}

  /** Runs the verb that was parsed, with its text for people led to where it belongs. */
  static int run(ParseResult parsed) {
    ParseResult verb = parsed;
    boolean quiet = verb.hasMatchedOption(QUIET);
    while (verb.hasSubcommand()) {
      verb = verb.subcommand();
      quiet |= verb.hasMatchedOption(QUIET);
    }
    CommandSpec spec = verb.commandSpec();
    spec.commandLine().getOut(); // is bound to the standard output now, if it was not before
    PrintStream before = System.out;
    try {
      if (quiet) {
        System.setOut(NOTHING);
      } else if (JsonOutput.isStandardOutput(spec)) {
        System.setOut(System.err);
      }
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      System.setOut(before);
    }
  }

  /** Returns whether nothing shall be printed but results for programs, warnings and errors. */
  static boolean isQuiet() {
    return System.out == NOTHING;
  }

  /** Returns where remarks go that are no result: the standard error, if anywhere. */
  public static PrintStream remarks() {
    return isQuiet() ? NOTHING : System.err;
  }
}
