package io.github.diffusion4j.cli;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A table of numbers as a text file. */
final class Csv {
  private final StringBuilder text;

  private Csv(String header) {
    this.text = new StringBuilder(header).append('\n');
  }

  /** A table with the given names of columns, separated by commas. */
  static Csv of(String header) {
    return new Csv(header);
  }

  /** Adds a row; whole numbers are written without a fraction if they come as such. */
  Csv row(Object... values) {
    text.append(Arrays.stream(values).map(String::valueOf).collect(Collectors.joining(",")))
        .append('\n');
    return this;
  }

  void write(Path file) throws IOException {
    AtomicFile.write(file, text);
  }
}
