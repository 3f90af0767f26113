package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.bench.BenchCommand;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The way in: {@code diffusion4j VERB …}. */
@Command(
    name = "diffusion4j",
    description = "Denoising diffusion probabilistic models on the JVM: train, sample, measure.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      SampleCommand.class,
      ExportCommand.class,
      ConvertCommand.class,
      EvaluateCommand.class,
      CompareCommand.class,
      LikelihoodCommand.class,
      ExplainCommand.class,
      InspectCommand.class,
      JudgeCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    })
public final class Main implements Runnable {
  static final int WRONG_INPUT = 2;
  private static final int FAILURE = 1;

  @Option(
      names = StandardOutput.QUIET,
      scope = ScopeType.INHERIT,
      description = "Print nothing but warnings and errors.")
  private boolean quiet;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the verb in {@code args} and ends the process with its exit code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    StopSignal.install();
    int exitCode = commandLine().execute(args);
    StopSignal.nothingLeftToStop();
    System.exit(exitCode);
  }

  static CommandLine commandLine() {
    CommandLine all = new CommandLine(new Main());
    Words.speak(all);
    return all.registerConverter(Path.class, new PathName())
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(StandardOutput::run)
        .setParameterExceptionHandler((problem, args) -> wrongArguments(problem))
        .setExecutionExceptionHandler((problem, command, result) -> failed(problem, command));
  }

  /** Without a verb, the help is the best answer. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int wrongArguments(ParameterException problem) {
    StringBuilder line = new StringBuilder("error: ").append(plain(problem.getMessage()));
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      line.append("; did you mean ").append(String.join(", ", unmatched.getSuggestions()));
    }
    String verb = problem.getCommandLine().getCommandSpec().qualifiedName();
    problem
        .getCommandLine()
        .getErr()
        .println(oneLine(line.toString()) + " (see " + verb + " --help)");
    return WRONG_INPUT;
  }

  /** Without picocli's preface where the message of a converter names the option itself. */
  private static String plain(String message) {
    return message.replaceFirst("^Invalid value for option '(--[^']+)'[^:]*: (?=\\1 is )", "");
  }

  private static int failed(Exception problem, CommandLine command) {
    PrintWriter err = command.getErr();
    if (problem instanceof UserException
        || problem instanceof IllegalArgumentException
        || problem instanceof IOException) {
      err.println("error: " + oneLine(describe(problem)));
      return WRONG_INPUT;
    }
    err.println("internal error: " + oneLine(String.valueOf(problem)));
    if (System.getenv("DIFFUSION4J_DEBUG") != null) {
      problem.printStackTrace(err);
    } else {
      err.println("set DIFFUSION4J_DEBUG=1 to see where it happened");
    }
    return FAILURE;
  }

  private static String describe(Exception problem) {
    return problem instanceof NoSuchFileException missing
        ? missing.getFile() + " does not exist"
        : String.valueOf(problem.getMessage());
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
