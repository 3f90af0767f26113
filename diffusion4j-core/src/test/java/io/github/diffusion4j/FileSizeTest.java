package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files that fit into a head. */
class FileSizeTest {

  @Test
  void mainSources_eachFile_hasAtMostFourHundredLines() throws IOException {
    for (Path file : Sources.main()) {
      assertThat(lines(file)).as(file.toString()).isLessThanOrEqualTo(400);
    }
  }

  @Test
  void mainSources_median_isAtMostHundredAndThirty() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    for (Path file : Sources.main()) {
      if (!file.endsWith("package-info.java")) {
        sizes.add(lines(file));
      }
    }
    sizes.sort(null);

    assertThat(sizes.get(sizes.size() / 2)).as("median of lines per file").isBetween(20, 130);
  }

  private static int lines(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }
}
