package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Arguments such as {@code --training.batch=64}, which are no option but name a value. */
final class ConfigurationArguments {
  private ConfigurationArguments() {}

  /**
   * Returns the arguments that a verb has no option for, each with its value; the value may follow
   * after a space, as with options.
   *
   * @throws UserException if one is neither a path nor the value of one: it is a misspelled option,
   *     or a word that belongs to an option
   */
  static List<String> checked(List<String> arguments, CommandSpec verb) {
    List<String> checked = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String name = argument.replaceFirst("=.*", "");
      if (!argument.startsWith("-") && name.equals(argument)) {
        throw misplaced(argument, verb);
      }
      String path = name.replaceFirst("^--", "");
      if (!path.contains(".") && !Overrides.paths().contains(path)) {
        throw unknown(name, verb);
      }
      boolean valueFollows =
          name.equals(argument)
              && i + 1 < arguments.size()
              && !arguments.get(i + 1).startsWith("--");
      checked.add(valueFollows ? argument + "=" + arguments.get(++i) : argument);
    }
    return checked;
  }

  private static UserException unknown(String name, CommandSpec verb) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "unknown option %s%s (see %s --help)",
            name,
            Nearest.of(name, verb.optionsMap().keySet())
                .map(text -> String.format(Locale.ROOT, "; did you mean %s?", text))
                .orElse(""),
            verb.qualifiedName()));
  }

  private static UserException misplaced(String word, CommandSpec verb) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "%s is no option%s (see %s --help)",
            word.isEmpty() ? "an empty argument" : word,
            optionFor(word)
                .filter(option -> verb.optionsMap().containsKey(option))
                .map(option -> String.format(Locale.ROOT, "; did you mean %s %s?", option, word))
                .orElse(""),
            verb.qualifiedName()));
  }

  /** Returns the option that a word without one probably belongs to. */
  private static Optional<String> optionFor(String word) {
    if (Presets.all().contains(word)) {
      return Optional.of("--preset");
    }
    if (FileEnding.is(word, ".yaml")
        || FileEnding.is(word, ".yml")
        || FileEnding.is(word, ".json")) {
      return Optional.of("--config");
    }
    boolean isPlace = !word.isEmpty() && Files.exists(Path.of(word));
    return isPlace ? Optional.of("--data") : Optional.empty();
  }
}
