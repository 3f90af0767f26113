package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.training.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineMemoryTest {
  private static final ExperimentConfig RECIPE = Presets.load("digits-quickstart");

  @TempDir Path folder;

  private EngineMemory of(Path model, ModelConfig network, String machine) {
    return EngineMemory.of(model, network, folder.resolve("cache"), machine);
  }

  /** The run's configuration keeps it, and reads as before. */
  @Test
  void remember_checkpointOfARun_isKeptInItsConfiguration() throws IOException {
    RunDirectory run = new RunDirectory(folder.resolve("run"));
    run.create(RECIPE, "data");
    Path checkpoint = run.folder().resolve("checkpoints/step-00000001");

    assertThat(of(checkpoint, RECIPE.model(), "mine").recall()).isEmpty();
    assertThat(of(checkpoint, RECIPE.model(), "mine").remember(InferenceEngine.ONNX))
        .contains(run.configFile().toAbsolutePath());
    of(checkpoint, RECIPE.model(), "yours").remember(InferenceEngine.TORCH);

    assertThat(of(checkpoint, RECIPE.model(), "mine").recall()).contains(InferenceEngine.ONNX);
    assertThat(of(checkpoint, RECIPE.model(), "yours").recall()).contains(InferenceEngine.TORCH);
    assertThat(of(checkpoint, RECIPE.model(), "other").recall()).isEmpty();
    assertThat(ConfigFiles.readRun(run.configFile())).isEqualTo(RECIPE);
    assertThat(Files.readString(run.configFile())).contains("dataFingerprint", "engines");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  /** Nothing is written into the folder of somebody else's model. */
  @Test
  void remember_folderOfOthers_isKeptInTheCache() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    ModelConfig network = RECIPE.model();

    assertThat(of(model, network, "mine").remember(InferenceEngine.ONNX)).isPresent();

    assertThat(of(model, network, "mine").recall()).contains(InferenceEngine.ONNX);
    assertThat(of(model, network, "yours").recall()).isEmpty();
    assertThat(of(model, Presets.load("cifar10-ho").model(), "mine").recall()).isEmpty();
    try (Stream<Path> files = Files.list(model)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void remember_nowhereToWrite_saysSo() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file in the folder's place");

    assertThat(of(folder, RECIPE.model(), "mine").remember(InferenceEngine.ONNX)).isEmpty();
    assertThat(of(folder, RECIPE.model(), "mine").recall()).isEmpty();
  }
}
