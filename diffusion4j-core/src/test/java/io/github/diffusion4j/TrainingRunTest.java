package io.github.diffusion4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LossConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingRunTest {
  private static final ImageDataset IMAGES = TestExperiments.images(10);
  private static final int STEPS = 6;

  @TempDir Path folder;

  static Stream<Arguments> experiments() {
    UNetConfig plain = TestExperiments.unconditional();
    UNetConfig rich = TestExperiments.network(0.3, Optional.of(2));
    return Stream.of(
        Arguments.of("adam", experiment(plain, 1, TestExperiments.ADAM)),
        Arguments.of("adam, all at once", experiment(rich, 2, TestExperiments.ADAM)),
        Arguments.of("muon, all at once", experiment(rich, 2, TestExperiments.MUON)),
        Arguments.of("hybrid loss, times by its second moment", hybrid()));
  }

  private static ExperimentConfig hybrid() {
    return TestExperiments.learned(
        STEPS,
        new LossConfig.Hybrid(
            new LossConfig.Weighting.Uniform(),
            new LossConfig.TimestepSampling.LossSecondMoment(1, 0.1),
            0.001));
  }

  /** What decides over later times is in the checkpoint, and images can be drawn from it. */
  @Test
  void train_hybridLoss_savesTheHistoryOfLossesAndTheVariance() throws IOException {
    trained(hybrid(), folder);

    Path checkpoint = folder.resolve("checkpoints/step-00000006");
    try (Scope scope = Scope.open();
        DiffusionModel model = DiffusionModel.open(folder)) {
      Map<String, Tensor> state =
          Safetensors.read(checkpoint.resolve("training_state.safetensors"));
      assertThat(requireNonNull(state.get("timesteps.counts")).toLongs())
          .containsExactly(1, 1, 1, 1, 1);
      assertThat(requireNonNull(state.get("timesteps.losses")).toDoubles())
          .doesNotContain(0, Double.NaN);
      Tensor images = model.sample(SampleRequest.of(2), hybrid().sampling(), SamplingListener.NONE);
      assertThat(images.shape()).containsExactly(2, 1, 8, 8);
      assertThat(images.abs().sum().item()).isFinite();
    }
    assertThat(checkpoint.resolve("unet/config.json")).content().contains("\"out_channels\": 2,");
    assertThat(checkpoint.resolve("scheduler/scheduler_config.json"))
        .content()
        .contains("\"variance_type\": \"learned_range\"");
  }

  @Test
  void resume_otherHistoryOfLosses_isRefused() throws IOException {
    trained(hybrid(), folder);
    ExperimentConfig uniform =
        TestExperiments.learned(
            STEPS,
            new LossConfig.Hybrid(
                new LossConfig.Weighting.Uniform(),
                new LossConfig.TimestepSampling.Uniform(),
                0.001));

    assertThatThrownBy(() -> TrainingRun.resume(uniform, IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("training.loss.timesteps.history");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("experiments")
  void resume_afterHalfTheSteps_writesTheSameBytesAsOneGo(String name, ExperimentConfig config)
      throws IOException {
    Map<String, byte[]> straight = trained(config, folder.resolve("straight"));
    Path halves = folder.resolve("halves");
    try (TrainingRun first = TrainingRun.start(config, IMAGES, halves)) {
      first.train(() -> first.trainer().step() == STEPS / 2, report -> {});
    }
    try (TrainingRun second = TrainingRun.resume(config, IMAGES, halves)) {
      assertThat(second.trainer().step()).isEqualTo(STEPS / 2);
      second.train(() -> false, report -> {});
    }

    assertSameFiles(checkpoint(halves), straight);
    assertThat(new RunDirectory(halves).logged())
        .extracting(StepReport::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void train_twiceWithOneSeed_writesTheSameBytes() throws IOException {
    ExperimentConfig config = experiment(TestExperiments.unconditional(), 1, TestExperiments.MUON);

    assertSameFiles(trained(config, folder.resolve("one")), trained(config, folder.resolve("two")));
  }

  @Test
  void train_stopSignal_savesACheckpointOfThatStep() throws IOException {
    try (TrainingRun run = TrainingRun.start(TestExperiments.steps(50), IMAGES, folder)) {
      run.train(() -> run.trainer().step() == 2, report -> {});
    }

    assertThat(folder.resolve("checkpoints/step-00000002/training_state.json")).exists();
    assertThat(folder.resolve("checkpoints/latest")).hasContent("step-00000002");
  }

  @Test
  void writeSamples_ofARun_writesAGrid() throws IOException {
    try (TrainingRun run = TrainingRun.start(TestExperiments.steps(50), IMAGES, folder)) {
      assertThat(run.writeSamples()).isNotEmptyFile().hasExtension("png");
    }
  }

  @Test
  void start_folderInUse_isRefusedAndLeftAlone() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> TrainingRun.start(TestExperiments.steps(1), IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is not empty; allowed: a new or empty directory");
    assertThat(folder).isDirectoryNotContaining("glob:**config.json");
  }

  @Test
  void start_imagesOfAnotherShape_areRefusedBeforeAnythingIsWritten() {
    UNetConfig model = TestExperiments.network(0, Optional.of(1));
    Path run = folder.resolve("run");

    assertThatThrownBy(
            () -> TrainingRun.start(experiment(model, 1, TestExperiments.ADAM), IMAGES, run))
        .isInstanceOf(UserException.class)
        .hasMessage("model.classes is 1; the data have 2 classes");
    assertThat(run).doesNotExist();
  }

  @Test
  void resume_otherData_isRefused() throws IOException {
    ExperimentConfig config = TestExperiments.steps(1);
    trained(config, folder);

    assertThatThrownBy(() -> TrainingRun.resume(config, TestExperiments.images(11), folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("fingerprint");
  }

  @Test
  void resume_otherNetworkOrOptimizer_isRefused() throws IOException {
    trained(TestExperiments.steps(1), folder);
    ExperimentConfig network =
        experiment(TestExperiments.network(0, Optional.of(2)), 1, TestExperiments.ADAM);
    ExperimentConfig optimizer =
        experiment(TestExperiments.unconditional(), 1, TestExperiments.MUON);

    assertThatThrownBy(() -> TrainingRun.resume(network, IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("model.classes");
    assertThatThrownBy(() -> TrainingRun.resume(optimizer, IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("training.optimizer.kind");
  }

  @Test
  void resume_emptyFolder_saysWhatIsMissing() {
    assertThatThrownBy(() -> TrainingRun.resume(TestExperiments.steps(1), IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessage(folder + " holds no checkpoint to resume from");
  }

  @Test
  void resume_longerBudget_goesOn() throws IOException {
    trained(TestExperiments.steps(2), folder);
    try (TrainingRun run = TrainingRun.resume(TestExperiments.steps(3), IMAGES, folder)) {
      run.train(() -> false, report -> {});

      assertThat(run.trainer().step()).isEqualTo(3);
    }
  }

  @Test
  void forgetAfter_someSteps_keepsTheOnesBefore() throws IOException {
    RunDirectory directory = new RunDirectory(folder);
    for (int step = 1; step <= 4; step++) {
      directory.log(new StepReport(step, 4L * step, 1.5, 0.5, 1e-3, 0.1 * step, 0.25 * step));
    }
    StepReport second = directory.logged().get(1);
    directory.forgetAfter(2);

    assertThat(directory.logged()).hasSize(2).endsWith(second);
  }

  private static ExperimentConfig experiment(
      UNetConfig model, int accumulation, OptimizerConfig optimizer) {
    return TestExperiments.of(
        model,
        TestExperiments.training(4, accumulation, TestExperiments.budget(STEPS), optimizer, 1e-3));
  }

  private static Map<String, byte[]> trained(ExperimentConfig config, Path folder)
      throws IOException {
    try (TrainingRun run = TrainingRun.start(config, IMAGES, folder)) {
      run.train(() -> false, report -> {});
      return files(run.saveCheckpoint());
    }
  }

  private static Map<String, byte[]> checkpoint(Path run) throws IOException {
    return files(run.resolve("checkpoints/step-0000000" + STEPS));
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static void assertSameFiles(Map<String, byte[]> actual, Map<String, byte[]> expected) {
    assertThat(actual).hasSameSizeAs(expected).containsKey("training_state.safetensors");
    expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
  }
}
