package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceEndToEndTest {
  private static final String ABSURD = "--training.learningRate.peak=1e30";

  @TempDir private Path folder;

  private Cli train(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "train",
                "--preset=toy2d",
                "--out=" + folder.resolve("run"),
                "--training.batch=16",
                "--reporting.checkpointEverySteps=2"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  private static String[] words(String command) {
    return Arrays.stream(command.split(" ")).filter(word -> !word.isEmpty()).toArray(String[]::new);
  }

  @Test
  void train_absurdRate_endsWith3AndTheCommandToGoOn() throws IOException {
    Path run = folder.resolve("run");
    assertThat(train("--max-steps=4").exitCode()).isZero();

    Cli diverged = Cli.run("train", "--resume", "--out=" + run, "--max-steps=8", ABSURD);

    assertThat(diverged.exitCode()).isEqualTo(3);
    assertThat(diverged.err())
        .hasLineCount(1)
        .startsWith("error: the training diverged at step 6: loss ")
        .contains("; last good checkpoint " + run.resolve("checkpoints/step-00000004"))
        .contains("--training.onDivergence=lower-rate")
        .doesNotContain("internal");
    String advised = diverged.err().replaceAll("(?s).*: \\./diffusion4j (train [^;]*);.*", "$1");
    assertThat(advised)
        .isEqualTo("train --resume --out " + run + " --training.learningRate.peak=5.00e+29");
    assertThat(Cli.run(words(advised.replace("5.00e+29", "1e-3"))).exitCode()).isZero();
    assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("\"diverged\":\"the tr");
  }

  @Test
  void train_absurdRateAtFirst_saysThatNoCheckpointWasWritten() {
    Cli diverged = train("--max-steps=4", ABSURD, "--training.learningRate.warmupSteps=0");

    assertThat(diverged.exitCode()).isEqualTo(3);
    assertThat(diverged.err())
        .hasLineCount(1)
        .contains("no checkpoint had been written; begin again with another --out");
  }

  @Test
  void train_toLowerTheRate_finishes() throws IOException {
    Cli result =
        train(
            "--max-steps=6",
            ABSURD,
            "--training.onDivergence=lower-rate",
            "--training.onDivergence.factor=1e-33");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("run/checkpoints/latest")))
        .isEqualTo("step-00000006\n");
  }
}
