package io.github.diffusion4j.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the name of a file or folder, or another text; an empty one is mostly a shell's variable
 * that has no value.
 */
final class PathName implements ITypeConverter<Path> {
  /** Returns {@code text}, which may be anything but empty. */
  static String text(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("it is empty; allowed: some text");
    }
    return text;
  }

  @Override
  public Path convert(String name) {
    if (name.isBlank()) {
      throw new TypeConversionException("it is empty; allowed: the name of a file or folder");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          String.format(
              Locale.ROOT,
              "%s is no name of a file (%s); the character set of this locale is %s, allowed: one that has the name, as LC_ALL=C.UTF-8",
              name,
              e.getReason(),
              System.getProperty("sun.jnu.encoding")));
    }
  }
}
