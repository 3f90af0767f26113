package io.github.diffusion4j.cli;

import io.github.diffusion4j.RunDivergedException;
import io.github.diffusion4j.cli.bench.BenchCommand;
import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Threads;
import io.github.diffusion4j.torch.UnreliableEngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The way in: {@code diffusion4j VERB …}. */
@Command(
    name = "diffusion4j",
    description = "Denoising diffusion probabilistic models on the JVM: train, sample, measure.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "VERB",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:an internal error",
      "2:wrong input, or a file that cannot be read or written",
      "3:the training diverged",
      "4:not enough memory",
      "130:stopped by Ctrl-C or SIGTERM"
    },
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
  static final int DIVERGED = 3;
  static final int NO_MEMORY = 4;
  private static final int FAILURE = 1;

  private final Instant started;

  @Option(
      names = StandardOutput.QUIET,
      scope = ScopeType.INHERIT,
      description = "Print nothing but warnings and errors.")
  private boolean quiet;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main(Instant started) {
    this.started = started;
  }

  /** Returns when this program started. */
  Instant started() {
    return started;
  }

  /** Runs the verb in {@code args} and ends the process with its exit code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    System.setProperty("java.util.logging.SimpleFormatter.format", "warning: %5$s%n");
    StopSignal.install();
    Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    int exitCode = commandLine(started).execute(args);
    StopSignal.nothingLeftToStop();
    System.exit(exitCode);
  }

  static CommandLine commandLine() {
    return commandLine(Instant.now());
  }

  private static CommandLine commandLine(Instant started) {
    CommandLine all = new CommandLine(new Main(started));
    Words.speak(all);
    return all.registerConverter(Path.class, new PathName())
        .registerConverter(String.class, PathName::text)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(Main::run)
        .setParameterExceptionHandler(Main::wrongArguments)
        .setExecutionExceptionHandler((problem, command, result) -> failed(problem, command));
  }

  /** Without a verb, the help is the best answer. */
  @Override
  public void run() {
    if (!quiet) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  private static int wrongArguments(ParameterException problem, String[] arguments) {
    StringBuilder line =
        new StringBuilder("error: ").append(plain(String.valueOf(problem.getMessage())));
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      line.append("; did you mean ").append(String.join(", ", unmatched.getSuggestions()));
    }
    if (problem instanceof MissingParameterException) { // of an option that was perhaps misspelled
      line.append(misspelled(problem.getCommandLine().getCommandSpec(), arguments));
    }
    String verb = problem.getCommandLine().getCommandSpec().qualifiedName();
    problem
        .getCommandLine()
        .getErr()
        .println(oneLine(line.toString()) + " (see " + verb + " --help)");
    return WRONG_INPUT;
  }

  private static String misspelled(CommandSpec verb, String[] arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument.replaceFirst("=.*", ""))
        .filter(name -> name.startsWith("--") && verb.findOption(name) == null)
        .flatMap(
            name ->
                Nearest.of(name, verb.optionsMap().keySet())
                    .map(
                        near ->
                            String.format(
                                Locale.ROOT, "; %s is unknown, did you mean %s?", name, near))
                    .stream())
        .findFirst()
        .orElse("");
  }

  /** Says option, value and what is allowed, where picocli speaks of types of Java. */
  private static String plain(String message) {
    return message
        .replaceFirst("^Invalid value for option '(--[^']+)'[^:]*: (?=\\1 is )", "")
        .replaceFirst("^Invalid value for option '(--[^']+)'[^:]*: it is", "$1 is")
        .replaceFirst(
            "^Invalid value for option '(--[^']+)'[^:]*: '(.*)' is not (a long|an int)$",
            "$1 is $2; allowed: a whole number")
        .replaceFirst(
            "^Invalid value for option '(--[^']+)'[^:]*: '(.*)' is not a double$",
            "$1 is $2; allowed: a number")
        .replaceFirst(
            "^Invalid value for option '(--[^']+)'[^:]*: '.*' is not a boolean$",
            "$1 has a value; allowed: $1 alone");
  }

  /**
   * A wrong number of threads is refused by every verb, before libtorch is loaded. Where memory is
   * missing, it may not be enough for anything but one line.
   */
  private static int run(ParseResult result) {
    try {
      Threads.choose();
      return StandardOutput.run(result);
    } catch (IllegalArgumentException e) {
      throw new ExecutionException(result.commandSpec().commandLine(), e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      CommandLine main = result.commandSpec().commandLine();
      main.getErr().println("error: " + MemoryShortage.describe(e).orElseThrow());
      return NO_MEMORY;
    }
  }

  private static int failed(Exception problem, CommandLine command) {
    PrintWriter err = command.getErr();
    Optional<String> shortage = MemoryShortage.describe(problem);
    if (shortage.isPresent()) {
      err.println("error: " + oneLine(shortage.get()));
      return NO_MEMORY;
    }
    if (problem instanceof RunDivergedException diverged) {
      err.println("error: " + DivergenceAdvice.of(diverged));
      return DIVERGED;
    }
    if (problem instanceof UserException
        || problem instanceof UnreliableEngineException
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
    if (problem instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (problem instanceof AccessDeniedException closed) {
      return closed.getFile() + " cannot be used: permission denied";
    }
    if (problem instanceof FileAlreadyExistsException other) {
      return other.getFile() + " is in the way; allowed: a folder, or a new name";
    }
    return String.valueOf(problem.getMessage());
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
