package io.github.diffusion4j.cli;

/** What the command line answered, for tests of other packages. */
public record CommandLineRun(int exitCode, String out, String err) {
  public static CommandLineRun of(String... arguments) {
    Cli run = Cli.run(arguments);
    return new CommandLineRun(run.exitCode(), run.out(), run.err());
  }
}
