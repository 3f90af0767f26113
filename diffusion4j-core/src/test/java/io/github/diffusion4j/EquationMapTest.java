package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The equation map of docs/math.md and the tags in the sources say the same. */
class EquationMapTest {
  private static final Pattern TAG =
      Pattern.compile("\\[(\\w+)\\s+(?:\\*\\s+)?((?:Eq|Alg|sec|app)\\.\\s+(?:\\*\\s+)?[\\w.]+)]");
  private static final Pattern CLASS = Pattern.compile("`(\\w+)[^`]*`");

  /** One line of the map. */
  private record Row(String equation, List<String> classes, List<String> tests) {}

  @Test
  void tags_inTheSources_areInTheMapAndTheReverse() throws IOException {
    Set<String> inSources = new TreeSet<>();
    for (Path file : Sources.main()) {
      if (!file.endsWith("package-info.java")) {
        Matcher tag = TAG.matcher(Files.readString(file));
        while (tag.find()) {
          inSources.add(entry(tag.group(1) + " " + plain(tag.group(2)), name(file)));
        }
      }
    }
    Set<String> inMap =
        rows().stream()
            .flatMap(row -> row.classes.stream().map(type -> entry(row.equation, type)))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(inMap).isNotEmpty().isEqualTo(inSources);
  }

  @Test
  void tests_inTheMap_exist() throws IOException {
    Set<String> tests = Sources.test().stream().map(this::name).collect(Collectors.toSet());

    for (Row row : rows()) {
      assertThat(row.tests).as(row.equation).isNotEmpty();
      assertThat(tests).as(row.equation).containsAll(row.tests);
    }
  }

  @Test
  void papers_ofTheTags_areInTheBibliography() throws IOException {
    String text = Files.readString(Sources.root().resolve("docs/math.md"));
    String bibliography = text.substring(text.indexOf("## References"));

    for (Row row : rows()) {
      String paper = row.equation.substring(0, row.equation.indexOf(' '));
      assertThat(bibliography).contains("**" + paper + "**");
    }
  }

  private static List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(Sources.root().resolve("docs/math.md"));
    int head = lines.indexOf("| equation | method | test |");
    assertThat(head).as("the head of the equation map").isNotNegative();
    return lines.stream()
        .skip(head + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .map(cells -> new Row(cells[1].strip(), classes(cells[2]), classes(cells[3])))
        .toList();
  }

  private static List<String> classes(String cell) {
    return CLASS.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  private static String plain(String tag) {
    return tag.replaceAll("[\\s*]+", " ");
  }

  private static String entry(String equation, String type) {
    return equation + " in " + type;
  }

  private String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }
}
