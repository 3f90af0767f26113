package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Types and members that the pages on the mathematics and the architecture name do exist. */
class DocumentedNamesTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record) (\\w+)");

  @Test
  void names_inTheDocumentation_exist() throws IOException {
    Map<String, String> sources = sourcesByType();
    assertThat(pages()).hasSizeGreaterThanOrEqualTo(6);
    for (Path page : pages()) {
      Matcher named = NAMED.matcher(Files.readString(page));
      while (named.find()) {
        String type = named.group(1);
        assertThat(sources.containsKey(type)).as("%s names %s", page, named.group()).isTrue();
        if (named.group(2) != null) {
          Pattern member = Pattern.compile("\\b" + named.group(2) + "\\b");
          assertThat(member.matcher(sources.get(type)).find())
              .as("%s names %s", page, named.group())
              .isTrue();
        }
      }
    }
  }

  /** Every type of the project, nested ones too, with the text of its file. */
  private static Map<String, String> sourcesByType() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path file : Stream.concat(Sources.main().stream(), Sources.test().stream()).toList()) {
      String text = Files.readString(file);
      TYPE.matcher(text).results().forEach(type -> sources.putIfAbsent(type.group(1), text));
      sources.put(file.getFileName().toString().replace(".java", ""), text);
    }
    return sources;
  }

  private static List<Path> pages() throws IOException {
    Path docs = Sources.root().resolve("docs");
    List<Path> pages =
        new ArrayList<>(
            List.of(
                docs.resolve("math.md"),
                docs.resolve("errata.md"),
                docs.resolve("metrics.md"),
                docs.resolve("families.md"),
                docs.resolve("architecture.md")));
    try (Stream<Path> more = Files.list(docs.resolve("math"))) {
      more.sorted().forEach(pages::add);
    }
    return pages;
  }
}
