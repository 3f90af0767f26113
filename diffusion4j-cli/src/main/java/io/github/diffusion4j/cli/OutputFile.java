package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What will be written when long work is done, and must be known to be possible before. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that {@code file} can be written; nothing is left behind.
   *
   * @throws UserException if not, with the reason
   */
  public static void require(String option, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw Arguments.wrong(option, file + ", a directory", "a file");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw Arguments.wrong(option, file + ", which is write-protected", "a file to write");
    }
    if (!Files.exists(file) || Files.isRegularFile(file)) { // and no pipe or device
      requireRoom(option, file, folder);
    }
  }

  /**
   * Checks that {@code folder} is one in which files can be made, or can become one.
   *
   * @throws UserException if not, with the reason
   */
  static void requireFolder(String option, Path folder) throws IOException {
    requireRoom(option, folder, folder.toAbsolutePath());
  }

  /** Tries the folder, or the nearest one above it that exists. */
  private static void requireRoom(String option, Path wanted, Path folder) throws IOException {
    Path existing = folder;
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        throw Arguments.wrong(option, wanted, "a place that exists");
      }
      existing = parent;
    }
    if (!Files.isDirectory(existing)) {
      throw Arguments.wrong(
          option,
          wanted,
          String.format(Locale.ROOT, "a place in a folder, but %s is a file", existing));
    }
    try {
      Files.delete(Files.createTempFile(existing, ".diffusion4j-", ".tmp"));
    } catch (IOException e) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is %s, but nothing can be written into %s%s; allowed: another place",
              option,
              wanted,
              existing,
              reason(e)));
    }
  }

  private static String reason(IOException problem) {
    if (problem instanceof AccessDeniedException) {
      return " (permission denied)";
    }
    return problem instanceof FileSystemException e
        ? Optional.ofNullable(e.getReason())
            .map(text -> String.format(Locale.ROOT, " (%s)", text))
            .orElse("")
        : "";
  }

  /** Makes the folder that {@code file} will lie in. */
  static void makeFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }
}
