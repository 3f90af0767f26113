package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.config.BudgetConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelComparisonTest {
  private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
  private static final DrawingOptions FAST =
      DrawingOptions.of(
          new SamplingChoice(
              Optional.of(SamplingConfig.Sampler.DDIM), Optional.of(2), 0, Optional.empty()));

  @TempDir Path folder;

  @Test
  void names_repeated_haveTheFoldersAboveThem() {
    assertThat(
            ModelComparison.names(
                List.of(
                    Path.of("runs/a/checkpoints/best"),
                    Path.of("runs/b/checkpoints/best"),
                    Path.of("runs/c"))))
        .containsExactly(
            Path.of("a/checkpoints/best").toString(),
            Path.of("b/checkpoints/best").toString(),
            "c");
  }

  /** The log is of the whole run, and its last line is torn. */
  @Test
  void measure_olderCheckpointOfAKilledRun_hasTheTimeUntilThen() throws IOException {
    ExperimentConfig config = TestExperiments.steps(3);
    try (TrainingRun run = TrainingRun.start(config, images(), folder)) {
      run.train(() -> run.trainer().step() == 2, report -> {});
    }
    try (TrainingRun run = TrainingRun.resume(config, images(), folder)) {
      run.train(() -> false, report -> {});
    }
    List<StepReport> log = new RunDirectory(folder).logged();
    Files.writeString(
        folder.resolve("metrics.jsonl"), "{\"step\":4,\"ima", StandardOpenOption.APPEND);
    Path older = Checkpoints.of(folder).at(2).orElseThrow();

    assertThat(log).hasSize(3);
    assertThat(log.get(1).elapsedSeconds()).isPositive();
    assertThat(comparison(0).measure("older", older).trainingSeconds())
        .hasValue(log.get(1).elapsedSeconds());
    assertThat(comparison(0).measure("newest", folder).trainingSeconds().orElseThrow())
        .isGreaterThanOrEqualTo(log.get(1).elapsedSeconds());
  }

  /** A budget of minutes needs the time in the checkpoint, where no log is needed. */
  @Test
  void measure_checkpointThatKnowsItsTime_hasIt() throws IOException {
    BudgetConfig minutes = new BudgetConfig(Optional.of(2L), Optional.of(10.0));
    ExperimentConfig config =
        TestExperiments.of(
            TestExperiments.unconditional(),
            TestExperiments.training(4, 1, minutes, TestExperiments.ADAM, 1e-3));
    double seconds;
    try (TrainingRun run = TrainingRun.start(config, images(), folder)) {
      run.train(() -> false, report -> {});
      seconds = run.trainer().elapsedSeconds();
    }
    Files.delete(folder.resolve("metrics.jsonl"));

    assertThat(comparison(0).measure("one", folder).trainingSeconds()).hasValue(seconds);
  }

  /** The held-out images have no classes, which the bound of such a model needs. */
  @Test
  void measure_boundThatCannotBe_isLeftEmptyWithAWarning() throws IOException {
    train(
        TestExperiments.of(
            TestExperiments.network(0, Optional.of(2)),
            TestExperiments.training(4, 1, TestExperiments.budget(1), TestExperiments.ADAM, 1e-3)));

    ComparedModel model = comparison(4).measure("one", folder);

    assertThat(model.bound()).isEmpty();
    assertThat(model.report().warnings())
        .contains("no bound: the model is one of 2 classes; the data have none");
    assertThat(model.report().rows()).isNotEmpty();
  }

  @Test
  void measure_boundThatCanBe_isThere() throws IOException {
    train(TestExperiments.steps(1));

    assertThat(comparison(4).measure("one", folder).bound()).isPresent();
  }

  @Test
  void require_modelOfOtherImages_isRefused() throws IOException {
    train(TestExperiments.steps(1));
    ModelComparison other =
        new ModelComparison(
            new Evaluation(
                new ConstantNet(2, 0, 1),
                new FeatureExtraction(new FeatureCache(folder.resolve("f")), Progress.NONE)),
            new Known(source(TestExperiments.images(9)), Optional.empty()),
            Set.of(Metric.KID),
            30,
            0,
            30,
            FAST,
            0);

    assertThatThrownBy(() -> other.require(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there are 9 real images");
    assertThat(folder.resolve("f")).doesNotExist();
  }

  private void train(ExperimentConfig config) throws IOException {
    try (TrainingRun run = TrainingRun.start(config, images(), folder)) {
      run.train(() -> false, report -> {});
    }
  }

  private static ImageDataset images() {
    return TestExperiments.images(40);
  }

  private static ImageSource source(ImageDataset data) {
    return new StoredImages(data, "strokes");
  }

  /** Against labeled images, with others that have no labels held out. */
  private ModelComparison comparison(int boundImages) {
    ImageSource heldOut = source(InMemoryDataset.of(SHAPE, new byte[10 * 64]));
    return new ModelComparison(
        new Evaluation(
            new PixelNet(SHAPE),
            new FeatureExtraction(new FeatureCache(folder.resolve("f")), Progress.NONE)),
        new Known(source(images()), Optional.of(heldOut)),
        Set.of(Metric.FD),
        20,
        0,
        20,
        FAST,
        boundImages);
  }
}
