package io.github.diffusion4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that will be written when long work is done, and must be known to be possible before. */
final class OutputFile {
  private OutputFile() {}

  /** Makes the folder of {@code file}, and refuses one that cannot be a file. */
  static void require(String option, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw Arguments.wrong(option, file + ", a directory", "a file");
    }
    Files.createDirectories(folder);
  }
}
