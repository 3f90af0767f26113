package io.github.diffusion4j.cli;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of numbers for programs: as text with commas, or as columns. */
final class Csv {
  private final String header;
  private final List<List<Object>> rows = new ArrayList<>();

  private Csv(String header) {
    this.header = header;
  }

  /** A table with the given names of columns, separated by commas. */
  static Csv of(String header) {
    return new Csv(header);
  }

  /** Adds a row; whole numbers are written without a fraction if they come as such. */
  Csv row(Object... values) {
    rows.add(List.of(values));
    return this;
  }

  /** Returns the values by the names of their columns. */
  Map<String, List<Object>> columns() {
    Map<String, List<Object>> columns = new LinkedHashMap<>();
    String[] names = header.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      int column = i;
      columns.put(names[i], rows.stream().map(row -> row.get(column)).toList());
    }
    return columns;
  }

  /** Writes the table as text, and its folder if that is missing. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (List<Object> row : rows) {
      text.append(row.stream().map(String::valueOf).collect(Collectors.joining(","))).append('\n');
    }
    AtomicFile.write(file, text);
  }
}
