package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectEndToEndTest {
  private static final String CHECKPOINT = "checkpoints/step-00000001";
  private static final String WEIGHTS = CHECKPOINT + "/unet/diffusion_pytorch_model.safetensors";

  @TempDir private Path folder;

  private Path trained() {
    Path run = folder.resolve("run");
    List<String> line =
        new ArrayList<>(List.of("train", "--out=" + run, "--preset=digits-quickstart"));
    line.addAll(List.of("--max-steps=1", "--seed=3"));
    line.addAll(EndToEndTest.TINY);
    assertThat(Cli.run(line.toArray(String[]::new)).err()).isEmpty();
    return run;
  }

  @Test
  void inspect_ofATrainedModel_saysWhatEachPlaceHolds() throws IOException {
    Path run = trained();

    Cli ofRun = Cli.run("inspect", run.toString());
    Cli ofFolder = Cli.run("inspect", run.resolve(CHECKPOINT).toString());
    Cli ofFile = Cli.run("inspect", "--tensors", run.resolve(WEIGHTS).toString());

    assertThat(ofRun.err() + ofFolder.err() + ofFile.err()).isEmpty();
    assertThat(ofRun.exitCode()).isZero();
    assertThat(ofRun.out())
        .contains("kind              run directory, its latest checkpoint")
        .contains("images            28 x 28, 1 channel")
        .contains("widths            8, 8")
        .contains("levels            residual, residual")
        .contains("prediction        ", "variance          ", "schedule          ", "parameters ")
        .contains(WEIGHTS);
    assertThat(ofFolder.out()).contains("kind              folder in the layout of diffusers");
    assertThat(ofFile.out())
        .contains("kind              safetensors file")
        .contains("types             F32 (")
        .contains("metadata          format = pt")
        .containsPattern("conv_in\\.weight +F32 +\\[8, 1, 3, 3\\]");
  }

  @Test
  void inspect_ofAFolderOfEdm_saysItsSigmas() throws IOException {
    Path run = trained();
    Files.writeString(
        run.resolve(CHECKPOINT).resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"EDMDPMSolverMultistepScheduler\", \"sigma_data\": 0.4}");

    Cli result = Cli.run("inspect", run.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("schedule          EDM's, sigma 0.002 to 80.0, data of deviation 0.4")
        .contains("prediction        preconditioned");
  }

  @Test
  void inspect_ofDamagedWeights_endsWithTwoAndNamesTheFile() throws IOException {
    Path run = trained();
    try (RandomAccessFile weights = new RandomAccessFile(run.resolve(WEIGHTS).toFile(), "rw")) {
      weights.setLength(weights.length() - 1);
    }

    Cli result = Cli.run("inspect", run.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .hasLineCount(1)
        .contains("diffusion_pytorch_model.safetensors is damaged");
  }

  @Test
  void inspect_ofAnotherFile_endsWithTwo() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.bin"), "my notes");

    Cli result = Cli.run("inspect", text.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("notes.bin", "neither a zip file nor one of PyTorch");
  }
}
