package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nothing can be written, no work is begun. */
class OutputFileTest {
  @TempDir Path folder;

  /** PLACE is below a file. No model, no data: what else is wrong is found later. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --preset mnist --data-dir none --out PLACE",
        "train --preset mnist --data-dir none --json PLACE.json",
        "quickstart --out PLACE",
        "quickstart --json PLACE.json",
        "sample --model none --out PLACE.png",
        "sample --model none --out PLACE.csv",
        "sample --model none --out PLACE",
        "sample --model none --out o.png --json PLACE.json",
        "evaluate --model none --data digits --json PLACE.json",
        "evaluate --data digits --write-statistics PLACE.npz",
        "compare none --data digits --out PLACE.html",
        "compare none --data digits --json PLACE.json",
        "likelihood --model none --data digits --csv PLACE.csv",
        "likelihood --model none --data digits --json PLACE.json",
        "convert --from none --to PLACE",
        "export --model none --out PLACE.onnx",
        "inspect none --json PLACE.json",
        "judge --data-dir none --out PLACE",
        "doctor --json PLACE.json",
        "bench start --json PLACE.json",
        "bench cost --plot PLACE.png",
        "explain schedule --out PLACE",
        "explain samplers --out PLACE",
        "explain samplers --json PLACE.json",
        "explain posterior --out PLACE.png",
        "explain posterior --csv PLACE.csv",
        "explain posterior --factors-csv PLACE.csv",
        "explain forward --out PLACE.png",
        "explain flow --out PLACE.png",
        "explain flow --density-csv PLACE.csv",
        "explain reverse --model none --json PLACE.json"
      })
  void unwritable_isRefusedBeforeAnyWork(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    Cli result = Cli.run(line.replace("PLACE", file.resolve("new").toString()).split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("new", "but " + file + " is a file");
    assertThat(result.out()).isEmpty();
    assertThat(file).hasContent("mine");
  }

  @Test
  void require_leavesNothingBehind() throws IOException {
    OutputFile.require("--out", folder.resolve("a/b/c.png"));
    OutputFile.requireFolder("--out", folder.resolve("a/b"));

    try (Stream<Path> children = Files.list(folder)) {
      assertThat(children).isEmpty();
    }
  }

  @Test
  void sample_intoAnEarlierOne_needsOverwriteAndReplacesTheSet() throws IOException {
    Path run = folder.resolve("run");
    Path pictures = folder.resolve("pictures");
    List<String> train =
        Stream.concat(
                Stream.of("train", "--preset=digits-quickstart", "--max-steps=1", "--out=" + run),
                EndToEndTest.TINY.stream())
            .toList();
    assertThat(Cli.run(train.toArray(String[]::new)).exitCode()).isZero();
    String[] six = {"sample", "--model=" + run, "--steps=2", "--n=6", "--out=" + pictures};
    String[] two = {"sample", "--model=" + run, "--steps=2", "--n=2", "--out=" + pictures};
    String[] overwriting =
        Stream.concat(Stream.of(two), Stream.of("--overwrite")).toArray(String[]::new);

    assertThat(Cli.run(six).exitCode()).isZero();
    Files.writeString(pictures.resolve("notes.txt"), "mine");
    Cli refused = Cli.run(two);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).hasLineCount(1).contains("6 pictures of an earlier", "--overwrite");
    assertThat(pictures.toFile().list()).hasSize(7);
    assertThat(Cli.run(overwriting).exitCode()).isZero();
    assertThat(pictures.toFile().list())
        .containsExactlyInAnyOrder("000000.png", "000001.png", "notes.txt");
  }
}
