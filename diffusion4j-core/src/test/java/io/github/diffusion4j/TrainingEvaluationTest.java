package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.EvaluationConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.training.LoggedEvaluation;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingEvaluationTest {
  private static final int STEPS = 10;

  @TempDir Path folder;

  private static final List<String> TRAINING =
      List.of(
          "model.widths=8,8",
          "model.blocks=residual,residual",
          "training.batch=8",
          "training.budget.maxSteps=" + STEPS,
          "training.budget.maxMinutes=none",
          "training.learningRate.decay=constant",
          "sampling.steps=2",
          "reporting.logEverySteps=1",
          "reporting.checkpointEverySteps=1");
  private static final List<String> MEASURED =
      List.of(
          "training.evaluation.every=2",
          "training.evaluation.samples=20",
          "training.evaluation.features=digits",
          "training.evaluation.steps=2");

  /** Ten steps, with a checkpoint at each. */
  private static ExperimentConfig plain() {
    return Overrides.apply(Presets.load("digits-quickstart"), TRAINING);
  }

  /** The same, measured at 2, 4, …, 10. */
  private static ExperimentConfig experiment(String... more) {
    return Overrides.apply(Overrides.apply(plain(), MEASURED), List.of(more));
  }

  @Test
  void train_measured_keepsTheBestCheckpoint() throws IOException {
    Path run = folder.resolve("run");
    train(experiment(), run, () -> false);

    List<LoggedEvaluation> evaluations = new RunDirectory(run).evaluations();
    LoggedEvaluation best =
        evaluations.stream().min(Comparator.comparingDouble(LoggedEvaluation::value)).orElseThrow();
    Path checkpoint = Checkpoints.of(run).best().orElseThrow();
    assertThat(evaluations.stream().map(LoggedEvaluation::step))
        .containsExactly(2L, 4L, 6L, 8L, 10L);
    assertThat(evaluations).allSatisfy(one -> assertThat(one.metric()).isEqualTo("FD-digits"));
    assertThat(evaluations)
        .allSatisfy(one -> assertThat(one.low()).as("20 samples of 64 features").isEmpty());
    assertThat(checkpoint).hasFileName("step-%08d".formatted(best.step()));
    assertThat(checkpoint.resolve("README.md"))
        .content()
        .contains("FD-digits to the training images, 20 samples");
    assertThat(ModelSource.resolve(run.resolve("checkpoints/best"))).isEqualTo(checkpoint);
    assertThat(new RunDirectory(run).logged()).hasSize(STEPS);
  }

  @Test
  void log_measurements_areReadAsTheyWere() throws IOException {
    RunDirectory directory = new RunDirectory(folder);
    List<LoggedEvaluation> some =
        List.of(
            new LoggedEvaluation(1, "FD", 2.5, Optional.of(1.5), Optional.of(3.5), 70),
            new LoggedEvaluation(2, "FD", 2.5, Optional.empty(), Optional.empty(), 20));
    for (LoggedEvaluation one : some) {
      directory.log(one);
    }

    assertThat(directory.evaluations()).isEqualTo(some);
  }

  /** The best one is old, and newer ones are pruned. */
  @Test
  void prune_manyCheckpoints_leavesTheBest() throws IOException {
    Path run = folder.resolve("run");
    train(experiment(), run, () -> false);
    Checkpoints checkpoints = Checkpoints.of(run);
    Path oldest = checkpoints.list().get(0);
    String name = oldest.getFileName().toString();
    checkpoints.markBest(Long.parseLong(name.substring("step-".length())));

    checkpoints.prune(1);

    assertThat(checkpoints.list()).containsExactly(oldest, checkpoints.latest().orElseThrow());
  }

  @Test
  void resume_measured_endsAsIfItHadNeverStopped() throws IOException {
    Path whole = folder.resolve("whole");
    train(experiment(), whole, () -> false);
    Path cut = folder.resolve("cut");
    int[] asked = new int[1];
    train(experiment(), cut, () -> ++asked[0] > 5);
    try (TrainingRun resumed = TrainingRun.resume(experiment(), data(), cut)) {
      resumed.train(() -> false, report -> {});
    }

    assertThat(new RunDirectory(cut).evaluations())
        .isEqualTo(new RunDirectory(whole).evaluations());
    assertThat(cut.resolve("checkpoints/best"))
        .hasSameTextualContentAs(whole.resolve("checkpoints/best"));
    assertThat(weights(cut)).isEqualTo(weights(whole));
  }

  /** The process ends while it measures, here because the cache cannot be written. */
  @Test
  void train_killedWhileMeasuring_losesNoStep() throws IOException {
    Path whole = folder.resolve("whole");
    train(experiment(), whole, () -> false);
    Path cut = folder.resolve("cut");
    Path obstacle = cut.resolve("features");
    try (TrainingRun run =
        TrainingRun.start(experiment("reporting.checkpointEverySteps=100"), data(), cut)) {
      Files.writeString(obstacle, "in the way");
      assertThatThrownBy(() -> run.train(() -> false, report -> {}))
          .isInstanceOf(IOException.class);
    }
    assertThat(Checkpoints.of(cut).latest()).hasValue(Checkpoints.of(cut).at(2).orElseThrow());
    Files.delete(obstacle);
    try (TrainingRun resumed = TrainingRun.resume(experiment(), data(), cut)) {
      resumed.train(() -> false, report -> {});
    }

    assertThat(new RunDirectory(cut).evaluations())
        .isEqualTo(new RunDirectory(whole).evaluations());
  }

  /** Values of other metrics and other numbers of samples cannot be compared. */
  @Test
  void resume_otherMeasurement_isRefusedButMeasuringMayBegin() throws IOException {
    Path run = folder.resolve("run");
    train(plain(), run, () -> false);
    ExperimentConfig longer = experiment("training.budget.maxSteps=12");
    try (TrainingRun resumed = TrainingRun.resume(longer, data(), run)) {
      resumed.train(() -> false, report -> {});
    }

    assertThat(new RunDirectory(run).evaluations().stream().map(LoggedEvaluation::step))
        .containsExactly(10L, 12L);
    assertThatThrownBy(
            () -> TrainingRun.resume(experiment("training.evaluation.samples=30"), data(), run))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("differs from that of the run in training.evaluation.samples");
  }

  /** Measuring draws from streams of its own. */
  @Test
  void train_measured_learnsTheSame() throws IOException {
    Path measured = folder.resolve("measured");
    train(experiment(), measured, () -> false);
    Path plain = folder.resolve("plain");
    train(plain(), plain, () -> false);

    assertThat(weights(plain)).isEqualTo(weights(measured));
    assertThat(plain.resolve("checkpoints/best")).doesNotExist();
  }

  @Test
  void start_networkThatCannotSeeTheImages_isRefusedBeforeAnything() {
    Path run = folder.resolve("run");
    EvaluationConfig wanted = new EvaluationConfig(2, 20, "digits", 2);

    assertThatThrownBy(
            () ->
                TrainingEvaluation.open(
                    experiment(), wanted, TestExperiments.images(8), run.resolve("features")))
        .hasMessageContaining("allowed for the digit classifier: [N, 1, 28, 28]");
    assertThat(run).doesNotExist();
  }

  @Test
  void construct_impossibleValues_areRefused() {
    assertThatThrownBy(() -> experiment("training.evaluation.samples=1"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("training.evaluation.samples is 1; allowed: ");
    assertThatThrownBy(() -> experiment("training.evaluation.every=0"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("training.evaluation.every is 0");
    assertThatThrownBy(() -> experiment("training.evaluation.steps=100000"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("training.evaluation.steps is 100000; allowed: at most");
  }

  private static void train(ExperimentConfig config, Path run, BooleanSupplier stop)
      throws IOException {
    try (TrainingRun training = TrainingRun.start(config, data(), run)) {
      training.train(stop, report -> {});
    }
  }

  private static ImageDataset data() throws IOException {
    return EmbeddedDigits.load().take(200);
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(
        ModelSource.resolve(run).resolve("unet/diffusion_pytorch_model.safetensors"));
  }
}
