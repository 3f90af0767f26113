package io.github.diffusion4j.errata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every erratum of docs/errata.md has its test, and every test its erratum. */
class ErrataPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+ErrataTest)\\.(\\w+)`");

  @Test
  void page_namesEveryTestOnce() throws IOException {
    List<String> onThePage =
        Files.readAllLines(page()).stream()
            .filter(line -> line.startsWith("| "))
            .flatMap(line -> NAMED.matcher(line).results())
            .map(ErrataPageTest::entry)
            .toList();
    List<String> inTheCode =
        Stream.of(
                ForwardErrataTest.class,
                ReverseErrataTest.class,
                SamplerErrataTest.class,
                BoundErrataTest.class,
                ScoreErrataTest.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(ErrataPageTest::entry)
            .toList();

    assertThat(onThePage).containsExactlyInAnyOrderElementsOf(inTheCode);
  }

  @Test
  void rows_eachHasWrongRightReasonAndTest() throws IOException {
    List<String> rows =
        Files.readAllLines(page()).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
            .filter(line -> !line.startsWith("| wrong"))
            .toList();

    assertThat(rows).hasSizeGreaterThanOrEqualTo(15);
    for (String row : rows) {
      String[] cells = row.substring(2).split(" \\|(?: |$)");
      assertThat(cells).as(row).hasSize(4).doesNotContain("");
      assertThat(cells[3]).as(row).containsPattern(NAMED);
    }
  }

  private static String entry(MatchResult named) {
    return named.group(1) + "." + named.group(2);
  }

  private static String entry(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** Tests run in the folder of a module. */
  private static Path page() {
    return Path.of("..", "docs", "errata.md").toAbsolutePath();
  }
}
