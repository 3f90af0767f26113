package io.github.diffusion4j.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The completion of verbs, options and their words by a shell. */
@Command(
    name = "completion",
    description = "Print a script with which bash or zsh completes verbs, options and their words.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example, for the shell that reads it (put it into ~/.bashrc or ~/.zshrc for all):",
      "  source <(./diffusion4j completion)"
    })
final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.println(AutoComplete.bash(root.getCommandName(), root));
    out.flush();
  }
}
