package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final ExperimentConfig CONFIG = Presets.load("digits-quickstart");

  @TempDir Path run;

  private Path write(long step) throws IOException {
    return write(step, CONFIG, 12.5);
  }

  private Path write(long step, ExperimentConfig config, double seconds) throws IOException {
    try (Scope scope = Scope.open()) {
      TrainingState state =
          new TrainingState(
              new TrainingState.Progress(step, 64 * step, seconds),
              config,
              "digits-10000",
              Map.of("weights", Tensor.full((double) step, 3), "adam.mean", Tensor.zeros(3)));
      Map<String, Tensor> average = Map.of("conv_in.bias", Tensor.full((double) step, 2));
      return Checkpoints.of(run)
          .write(
              inside -> DiffusersPipeline.write(inside, config.model(), config.process(), average),
              2,
              state);
    }
  }

  @Test
  void write_checkpoint_isPipelineAndState() throws IOException {
    Path checkpoint = write(1000);

    assertThat(checkpoint).isEqualTo(run.resolve("checkpoints/step-00001000"));
    assertThat(run.resolve("checkpoints/latest")).hasContent("step-00001000\n");
    assertThat(DiffusersPipeline.read(checkpoint).process()).isEqualTo(CONFIG.process());
    try (Scope scope = Scope.open()) {
      TrainingState state = TrainingState.read(checkpoint);
      assertThat(state.progress()).isEqualTo(new TrainingState.Progress(1000, 64_000, 12.5));
      assertThat(state.config()).isEqualTo(CONFIG);
      assertThat(state.dataFingerprint()).isEqualTo("digits-10000");
      assertThat(requireNonNull(state.tensors().get("weights")).toFloats())
          .containsExactly(1000, 1000, 1000);
    }
  }

  @Test
  void write_budgetOfSteps_writesTheSameBytesHoweverLongItTook() throws IOException {
    ExperimentConfig bySteps =
        Overrides.apply(
            CONFIG, List.of("training.budget.maxMinutes=none", "training.budget.maxSteps=1000"));
    byte[] fast = Files.readAllBytes(write(1000, bySteps, 3).resolve("training_state.json"));
    byte[] slow = Files.readAllBytes(write(1000, bySteps, 4).resolve("training_state.json"));

    assertThat(slow).isEqualTo(fast);
  }

  @Test
  void latest_noCheckpoints_isEmpty() throws IOException {
    assertThat(Checkpoints.of(run).latest()).isEmpty();
    assertThat(Checkpoints.of(run).list()).isEmpty();
  }

  @Test
  void latest_severalCheckpoints_isTheOneNamed() throws IOException {
    write(9);
    Path last = write(100_000_000);
    write(50);
    assertThat(Checkpoints.of(run).latest()).contains(run.resolve("checkpoints/step-00000050"));

    Files.writeString(run.resolve("checkpoints/latest"), "step-100000000");
    assertThat(Checkpoints.of(run).latest()).contains(last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"step-00000099", "../../elsewhere", "", "step-1"})
  void latest_namesNoCheckpoint_fallsBackToTheNewest(String name) throws IOException {
    write(1);
    Path newest = write(2);
    Files.writeString(run.resolve("checkpoints/latest"), name);

    assertThat(Checkpoints.of(run).latest()).contains(newest);
  }

  @Test
  void latest_afterKillWhileWriting_isTheLastComplete() throws IOException {
    Path complete = write(1);
    Path partial = run.resolve("checkpoints/.step-00000002.d4j-partial/unet");
    Files.createDirectories(partial);
    Files.writeString(partial.resolve("config.json"), "{");

    assertThat(Checkpoints.of(run).latest()).contains(complete);
    assertThat(Checkpoints.of(run).list()).containsExactly(complete);

    write(3);
    assertThat(partial.getParent()).doesNotExist();
  }

  @Test
  void prune_keepsTheNewestAndTheLatest() throws IOException {
    for (long step = 1; step <= 5; step++) {
      write(step);
    }
    Files.writeString(run.resolve("checkpoints/latest"), "step-00000002\n");

    Checkpoints.of(run).prune(2);

    assertThat(Checkpoints.of(run).list().stream().map(Path::getFileName).map(Path::toString))
        .containsExactly("step-00000002", "step-00000004", "step-00000005");
    try (Stream<Path> children = Files.list(run.resolve("checkpoints"))) {
      assertThat(children).hasSize(4);
    }
  }

  @Test
  void read_damagedState_namesTheFile() throws IOException {
    Path checkpoint = write(1);
    Path file = checkpoint.resolve("training_state.json");
    Files.writeString(file, "{\"step\":1}");
    assertThatThrownBy(() -> TrainingState.read(checkpoint))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString());
    Files.writeString(file, "{\"step\":");
    assertThatThrownBy(() -> TrainingState.read(checkpoint))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is not valid JSON");
  }

  @Test
  void resolve_runCheckpointsFolderOrCheckpoint_isTheCheckpoint() throws IOException {
    write(1);
    Path latest = write(2);

    assertThat(ModelSource.resolve(run)).isEqualTo(latest);
    assertThat(ModelSource.resolve(run.resolve("checkpoints"))).isEqualTo(latest);
    assertThat(ModelSource.resolve(latest)).isEqualTo(latest);
  }

  @Test
  void resolve_folderOfDiffusers_isItself() throws IOException {
    Path tiny = DiffusersPipelineTest.golden("tiny");
    assertThat(ModelSource.resolve(tiny)).isEqualTo(tiny);
  }

  @Test
  void resolve_noModel_saysWhatIsThere() throws IOException {
    assertRefused(run.resolve("none"), "model .*none does not exist; allowed: a checkpoint, .*");
    assertRefused(run, ".* is no model: it holds nothing; allowed: .*");
    Path file = Files.writeString(run.resolve("config.json"), "{\"name\":\"a run\"}");
    assertRefused(file, "model .*config.json is a file; allowed: .*");
    Files.createDirectory(run.resolve("samples"));
    assertRefused(run, ".* is no model: it holds config.json, samples/; allowed: .*");
    Files.createDirectory(run.resolve("checkpoints"));
    assertRefused(run, "the run directory .* has no complete checkpoint yet");
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> ModelSource.resolve(path))
        .isInstanceOf(UserException.class)
        .hasMessageMatching(message);
  }
}
