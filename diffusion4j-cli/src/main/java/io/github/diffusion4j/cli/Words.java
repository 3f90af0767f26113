package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an enum constant by the word for it, and lists the words in the help. */
abstract class Words<E extends Enum<?>> implements ITypeConverter<E>, Iterable<String> {
  private final Class<E> type;
  private final String option;

  Words(Class<E> type, String option) {
    this.type = type;
    this.option = option;
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
