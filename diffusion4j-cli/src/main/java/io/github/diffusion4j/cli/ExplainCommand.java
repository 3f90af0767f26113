package io.github.diffusion4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Pictures and numbers of the process itself. */
@Command(
    name = "explain",
    description = "Show how diffusion works: pictures and numbers of the process itself.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      ExplainScheduleCommand.class,
      ExplainForwardCommand.class,
      ExplainPosteriorCommand.class,
      ExplainFlowCommand.class,
      ExplainReverseCommand.class,
      ExplainSamplersCommand.class
    })
final class ExplainCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
