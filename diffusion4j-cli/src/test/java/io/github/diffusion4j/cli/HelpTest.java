package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What help says is so. */
class HelpTest {
  private static final String START = "  ./diffusion4j ";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** The verbs that do something by themselves. */
  static Stream<CommandLine> verbs() {
    return below(Main.commandLine()).filter(verb -> verb.getSubcommands().isEmpty());
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().distinct().flatMap(HelpTest::below));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void help_hasExamplesThatParse(CommandLine verb) {
    List<String> examples =
        Arrays.stream(verb.getCommandSpec().usageMessage().footer())
            .filter(line -> line.contains("./diffusion4j"))
            .toList();

    assertThat(examples).as(verb.getCommandName()).hasSizeBetween(1, 3);
    for (String example : examples) {
      assertThat(example).hasSizeLessThanOrEqualTo(80);
      if (example.startsWith(START)) {
        List<String> words = words(example.substring(START.length()));
        assertThat(words.get(0)).isEqualTo(verb.getCommandSpec().qualifiedName().split(" ", -1)[1]);
        assertThatCode(() -> requireParsed(words)).as(example).doesNotThrowAnyException();
      }
    }
  }

  private static void requireParsed(List<String> words) {
    CommandLine.ParseResult parsed = Main.commandLine().parseArgs(words.toArray(String[]::new));
    CommandLine.ParseResult verb = parsed.subcommand();
    ConfigurationArguments.checked(verb.unmatched(), verb.commandSpec());
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }

  /** Neither the defaults nor the choices are shown as names of constants. */
  @ParameterizedTest
  @MethodSource("verbs")
  void help_ofChoices_speaksInWords(CommandLine verb) {
    String help = verb.getUsageMessage().replaceAll("\\s+", " ");
    for (OptionSpec option : verb.getCommandSpec().options()) {
      if (option.auxiliaryTypes()[0].isEnum()) {
        for (Object constant : option.auxiliaryTypes()[0].getEnumConstants()) {
          String name = ((Enum<?>) constant).name();
          assertThat(option.completionCandidates()).doesNotContain(name.toUpperCase(Locale.ROOT));
          if (name.contains("_")) {
            assertThat(help).doesNotContain(name, name.toLowerCase(Locale.ROOT));
          }
        }
        if (option.initialValue() instanceof Enum<?> usual) {
          assertThat(help).contains("default: " + Word.of(usual));
        }
      }
    }
  }

  @Test
  void trainHelp_namesEveryPreset() {
    String help = Cli.run("train", "--help").out().replaceAll("\\s+", " ");

    assertThat(help).contains("built-in recipes: " + String.join(", ", Presets.all()));
  }

  @Test
  void completion_knowsVerbsAndWords() {
    Cli result = Cli.run("completion");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("complete -F _complete_diffusion4j -o default diffusion4j")
        .contains("(\"beta\" \"beta-tilde\" \"learned\" \"learned-range\")")
        .contains("(\"digits-quickstart\" \"mnist\" ");
  }
}
