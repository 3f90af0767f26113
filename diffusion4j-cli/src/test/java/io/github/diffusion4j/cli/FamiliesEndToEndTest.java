package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesEndToEndTest {
  @TempDir private Path folder;

  private Path trained(String family, String... more) {
    Path run = folder.resolve(family);
    List<String> line =
        new ArrayList<>(
            List.of(
                "train",
                "--family=" + family,
                "--data=digits",
                "--out=" + run,
                "--max-steps=2",
                "--training.batch=4",
                "--family.widths=8,8",
                "--reporting.logEverySteps=1"));
    if (family.equals("hvae")) {
      line.add("--family.latentImages=1,1");
    }
    line.addAll(List.of(more));
    Cli result = Cli.run(line.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"vae", "hvae", "gan"})
  void aFamily_isTrainedResumedSampledAndDescribed(String family) throws IOException {
    Path run = trained(family);

    Cli resumed = Cli.run("train", "--resume", "--out=" + run, "--max-steps=3");
    assertThat(resumed.err()).isEmpty();
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .hasSize(3)
        .allMatch(line -> line.contains("\"terms\":{"));
    assertThat(run.resolve("checkpoints/latest")).hasContent("step-00000003\n");
    assertThat(run.resolve("checkpoints/step-00000003/README.md"))
        .content()
        .contains("- " + family + "\n", "`family.kind`");

    Path picture = folder.resolve("samples.png");
    Cli sampled = Cli.run("sample", "--model=" + run, "--n=5", "--batch=2", "--out=" + picture);
    assertThat(sampled.err()).isEmpty();
    assertThat(sampled.out()).contains("5 images by " + family);
    assertThat(Png.read(picture).getWidth()).isPositive();

    Cli inspected = Cli.run("inspect", run.toString());
    assertThat(inspected.err()).isEmpty();
    assertThat(inspected.out()).contains("family", family, "28 x 28, 1 channel", "parameters");
  }

  @Test
  void likelihood_ofAnAutoencoder_hasARowForEachLevel() {
    Path run = trained("hvae");

    Cli result = Cli.run("likelihood", "--model=" + run, "--data=digits", "--n=3", "--draws=2");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("of 3 images", "divergence of level 0", "divergence of level 2", "pixels")
        .containsPattern("variational bound +\\d\\.\\d{4} ± \\d\\.\\d{4}");
  }

  @Test
  void verbsWithoutAMeaningForAFamily_sayIt() {
    Path run = trained("gan", "--family.discriminatorWidths=8,8");

    refused("has no diffusion process", "export", "--model=" + run, "--out=o.onnx");
    refused("has no diffusion process", "explain", "reverse", "--model=" + run);
    refused("how probable", "likelihood", "--model=" + run, "--data=digits");
    refused("--steps", "likelihood", "--model=" + run, "--data=digits", "--steps=3");
    refused("one pass", "sample", "--model=" + run, "--out=o.png", "--steps=3");
    refused("--label", "sample", "--model=" + run, "--out=o.png", "--label=3");
    refused("family.latent", "train", "--resume", "--out=" + run, "--family.latent=5");
    assertThat(Path.of("o.onnx")).doesNotExist();
  }

  private static void refused(String word, String... line) {
    Cli result = Cli.run(line);
    assertThat(result.err()).startsWith("error: ").hasLineCount(1).contains(word);
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void dryRun_saysHowManyParameters() {
    Cli result = Cli.run("train", "--preset=mnist-gan", "--dry-run", "--family.latent=32");

    assertThat(result.out())
        .contains("* family.latent = 32", "parameters of the generator", "of the discriminator");
    assertThat(result.exitCode()).isZero();
  }
}
