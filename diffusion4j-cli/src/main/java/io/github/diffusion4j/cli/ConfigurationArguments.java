package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.UserException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Arguments such as {@code --training.batch=64}, which are no option but name a value. */
final class ConfigurationArguments {
  private ConfigurationArguments() {}

  /**
   * Returns the arguments that a verb has no option for.
   *
   * @throws UserException if one has no dot either: it is a misspelled option rather than a path
   */
  static List<String> checked(List<String> arguments, CommandSpec verb) {
    for (String argument : arguments) {
      String name = argument.replaceFirst("=.*", "");
      String path = name.replaceFirst("^--", "");
      if (!path.contains(".") && !Overrides.paths().contains(path)) {
        throw new UserException(
            "unknown option %s%s (see %s --help)"
                .formatted(
                    name,
                    Nearest.of(name, verb.optionsMap().keySet())
                        .map("; did you mean %s?"::formatted)
                        .orElse(""),
                    verb.qualifiedName()));
      }
    }
    return arguments;
  }
}
