package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Formulas in the documentation are written so that GitHub shows them: it reads text between dollar
 * signs as Markdown first, which eats some backslashes and takes some underscores for emphasis.
 */
class MathMarkupTest {
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern FORMULA = Pattern.compile("\\$([^$]+)\\$");
  private static final Pattern EATEN = Pattern.compile("\\\\[\\p{Punct}]|[})\\]]_|\\*|]\\(");

  @Test
  void formulas_inLines_areShownByGitHub() throws IOException {
    for (Path page : pages()) {
      boolean fenced = false;
      for (String line : Files.readAllLines(page)) {
        fenced ^= line.startsWith("```");
        if (!fenced) {
          check(page, CODE.matcher(line).replaceAll(""));
        }
      }
    }
  }

  private static void check(Path page, String line) {
    assertThat(line).as("%s: displayed formulas stand in ```math", page).doesNotContain("$$");
    assertThat(line.chars().filter(c -> c == '$').count() % 2)
        .as("%s: formulas end on their line: %s", page, line)
        .isZero();
    FORMULA
        .matcher(line)
        .results()
        .map(formula -> formula.group(1))
        .forEach(
            formula -> {
              assertThat(formula).as(page.toString()).doesNotContainPattern(EATEN);
              assertThat(formula).as(page.toString()).isEqualTo(formula.strip());
            });
  }

  private static List<Path> pages() throws IOException {
    Path docs = Sources.root().resolve("docs");
    try (Stream<Path> files = Files.walk(docs)) {
      List<Path> pages =
          files
              .filter(file -> file.startsWith(docs.resolve("math")) || isMath(file))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      assertThat(pages).hasSizeGreaterThanOrEqualTo(5);
      return pages;
    }
  }

  private static boolean isMath(Path file) {
    return file.endsWith("math.md") || file.endsWith("errata.md") || file.endsWith("families.md");
  }
}
