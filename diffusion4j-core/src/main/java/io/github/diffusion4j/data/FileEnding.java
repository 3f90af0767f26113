package io.github.diffusion4j.data;

import java.nio.file.Path;
import java.util.Locale;

/** The end of a file's name, which says what is in the file; capital letters are small ones. */
public final class FileEnding {
  private FileEnding() {}

  /** Returns whether the name of {@code file} ends in {@code ending}, such as {@code .png}. */
  public static boolean is(Path file, String ending) {
    return is(file.toString(), ending);
  }

  /** Returns whether a name ends in {@code ending}, which is written in small letters. */
  public static boolean is(String name, String ending) {
    return name.toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
