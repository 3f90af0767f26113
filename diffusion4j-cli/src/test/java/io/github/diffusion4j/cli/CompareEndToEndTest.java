package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareEndToEndTest {
  @TempDir private Path folder;

  @Test
  void compare_twoModels_writesOnePage() throws IOException {
    for (String name : List.of("one", "two & three")) {
      List<String> train =
          new ArrayList<>(
              List.of("train", "--preset", "digits-quickstart", "--max-steps=1", "--out"));
      train.add(folder.resolve(name).toString());
      train.addAll(EndToEndTest.TINY);
      assertThat(Cli.run(train.toArray(String[]::new)).exitCode()).isZero();
    }
    Path report = folder.resolve("new/report.html");
    Cli result =
        Cli.run(
            "compare",
            folder.resolve("one").toString(),
            folder.resolve("two & three").toString(),
            "--data",
            "digits",
            "--held-out",
            "digits",
            "--n",
            "70",
            "--metrics",
            "fd,is",
            "--sampler",
            "ddim",
            "--steps",
            "2",
            "--bound",
            "2",
            "--cache",
            folder.resolve("features").toString(),
            "--out",
            report.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("FD-digits").endsWith("report: " + report + "\n");
    String page = Files.readString(report);
    assertThat(page)
        .contains("<th>one</th>", "<th>two &amp; three</th>", "FD-digits", "class score, digits")
        .contains(
            "bits per dimension, at most",
            "covered",
            "ddim, 2 steps, trailing spacing, engine",
            "per image")
        .contains("data:image/png;base64,");
    assertThat(page.replaceAll("base64,[^\"]*", "")) // pictures may spell anything
        .doesNotContain("src=\"http", "FID");
  }

  @Test
  void compare_boundOfOneImage_isRefused() {
    Cli result = Cli.run("compare", folder.toString(), "--data", "digits", "--bound", "1");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("error: --bound is 1; allowed: 0, or 2 or more\n");
  }

  @Test
  void compare_folderThatIsNoModel_isRefusedBeforeAnythingIsDrawn() {
    Cli result =
        Cli.run("compare", folder.toString(), "--data", "digits", "--out", folder + "/sub/r.html");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("is no model");
    assertThat(folder.resolve("sub")).doesNotExist();
  }
}
