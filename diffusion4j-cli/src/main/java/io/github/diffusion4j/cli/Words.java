package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * The words for the constants of an enum: what an option of the type reads, and what its help and
 * the completion of a shell list. The names of the constants are read too, in any case.
 */
class Words<E extends Enum<?>> implements ITypeConverter<E>, Iterable<String> {
  private final Class<E> type;
  private final String option;

  Words(Class<E> type, String option) {
    this.type = type;
    this.option = option;
  }

  /** Lets every option of an enum's type, of this command and all below, speak in words. */
  static void speak(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      if (option.auxiliaryTypes()[0].isEnum() && !option.inherited()) {
        spec.remove(option);
        spec.addOption(inWords(option));
      }
    }
    command.getSubcommands().values().forEach(Words::speak);
  }

  @SuppressWarnings("unchecked") // asked only with options of enums
  private static OptionSpec inWords(OptionSpec option) {
    Class<? extends Enum<?>> type = (Class<? extends Enum<?>>) option.auxiliaryTypes()[0];
    Words<?> words = new Words<>(type, option.longestName());
    OptionSpec.Builder builder = OptionSpec.builder(option).completionCandidates(words);
    if (option.converters().length == 0) {
      builder.converters(words);
    }
    if (option.initialValue() instanceof Enum<?> usual) {
      builder.defaultValue(Word.of(usual));
    }
    return builder.build();
  }

  @Override
  public E convert(String word) {
    try {
      return Word.parse(type, option, word);
    } catch (UserException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  @Override
  public final Iterator<String> iterator() {
    return Word.all(type).iterator();
  }
}
