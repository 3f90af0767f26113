package io.github.diffusion4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of numbers that a verb wrote. */
record CsvTable(List<String> names, List<String[]> rows) {

  static CsvTable read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return new CsvTable(
        List.of(lines.get(0).split(",")),
        lines.stream().skip(1).map(line -> line.split(",", -1)).toList());
  }

  double[] column(String name) {
    int index = names.indexOf(name);
    return rows.stream().mapToDouble(row -> Double.parseDouble(row[index])).toArray();
  }

  /** The rows with one value in a column. */
  CsvTable where(String name, String value) {
    int index = names.indexOf(name);
    return new CsvTable(names, rows.stream().filter(row -> row[index].equals(value)).toList());
  }

  /** The rows by what they have in common in the given columns, in the order of the file. */
  Map<String, CsvTable> groups(String... by) {
    int[] indices = Arrays.stream(by).mapToInt(names::indexOf).toArray();
    Map<String, List<String[]>> groups =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row ->
                        Arrays.stream(indices)
                            .mapToObj(i -> row[i])
                            .collect(Collectors.joining(",")),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, CsvTable> tables = new LinkedHashMap<>();
    groups.forEach((key, part) -> tables.put(key, new CsvTable(names, part)));
    return tables;
  }

  CsvTable sortedBy(String name) {
    int index = names.indexOf(name);
    Comparator<String[]> order = Comparator.comparingDouble(row -> Double.parseDouble(row[index]));
    return new CsvTable(names, rows.stream().sorted(order).toList());
  }

  /** The integral of one column over another, by trapezoids. */
  double integral(String of, String over) {
    double[] y = column(of);
    double[] x = column(over);
    double sum = 0;
    for (int i = 1; i < x.length; i++) {
      sum += (y[i] + y[i - 1]) / 2 * (x[i] - x[i - 1]);
    }
    return sum;
  }
}
