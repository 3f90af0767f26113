package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Points go the same way as images, from the data to the checkpoint and back. */
class ToyTrainingTest {
  private static final SamplingConfig SAMPLING =
      new SamplingConfig(SamplingConfig.Sampler.DDIM, 20, 0, SamplingConfig.Spacing.TRAILING);

  @TempDir Path folder;

  @Test
  void train_aMinuteInSmall_learnsTheDistribution() throws IOException {
    ExperimentConfig config =
        toy("--data.source=eight-gaussians", "--training.learningRate.peak=6e-3", "--max=300");
    try (TrainingRun run = TrainingRun.start(config, data(config), folder.resolve("run"))) {
      PointEvaluation before = judged(run.model());
      run.train(() -> false, report -> {});
      PointEvaluation after = judged(run.model());

      assertThat(after.slicedWasserstein().model())
          .isLessThan(before.slicedWasserstein().model() / 3)
          .isGreaterThan(after.slicedWasserstein().floor() / 2);
      assertThat(after.squaredDiscrepancy().model())
          .isLessThan(before.squaredDiscrepancy().model() / 3);
    }
  }

  @Test
  void open_runOfPoints_drawsThePointsOfTheRun() throws IOException {
    ExperimentConfig config = toy("--max=3");
    Path out = folder.resolve("run");
    float[] expected;
    try (TrainingRun run = TrainingRun.start(config, data(config), out);
        Scope scope = Scope.open()) {
      run.train(() -> false, report -> {});
      expected =
          run.model().sample(SampleRequest.of(5), SAMPLING, SamplingListener.NONE).toFloats();
      assertThat(Png.read(run.writeSamples()).getWidth()).isEqualTo(480);
    }

    try (DiffusionModel model = DiffusionModel.open(out);
        Scope scope = Scope.open()) {
      Tensor all = model.sample(SampleRequest.of(5), SAMPLING, SamplingListener.NONE);
      SampleRequest last = new SampleRequest(0, 4, 1, Optional.empty());
      Tensor alone = model.sample(last, SAMPLING, SamplingListener.NONE);

      assertThat(model.isOfImages()).isFalse();
      assertThat(all.shape()).containsExactly(5, 2);
      assertThat(all.toFloats()).isEqualTo(expected);
      double off = all.narrow(0, 4, 1).minus(alone).abs().sum().item();
      assertThat(off).as("the same point alone").isLessThan(1e-4);
    }
  }

  @Test
  void resume_afterHalfTheSteps_takesTheSameSteps() throws IOException {
    List<Double> straight = new ArrayList<>();
    List<Double> halves = new ArrayList<>();
    ExperimentConfig config = toy("--max=6");
    Path out = folder.resolve("halves");
    try (TrainingRun run = TrainingRun.start(config, data(config), folder.resolve("straight"))) {
      run.train(() -> false, report -> straight.add(report.loss()));
    }
    try (TrainingRun run = TrainingRun.start(config, data(config), out)) {
      run.train(() -> run.trainer().step() == 3, report -> halves.add(report.loss()));
    }
    try (TrainingRun run = TrainingRun.resume(config, data(config), out)) {
      run.train(() -> false, report -> halves.add(report.loss()));
    }

    assertThat(halves).hasSize(6).isEqualTo(straight);
  }

  @Test
  void lines_areLearnedWithOneDimension() throws IOException {
    ExperimentConfig config = toy("--data.source=two-gaussians", "--model.dimensions=1", "--max=2");
    List<StepReport> reports = new ArrayList<>();
    try (TrainingRun run = TrainingRun.start(config, data(config), folder.resolve("run"))) {
      run.train(() -> false, reports::add);

      assertThat(run.writeSamples()).isNotEmptyFile();
    }
    assertThat(reports).hasSize(2);
  }

  @Test
  void open_dataThatDoNotSuitTheNetwork_areRefused() {
    assertThatThrownBy(() -> data(toy("--data.source=mnist")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("data.source is mnist; allowed for a network of kind mlp")
        .hasMessageContaining("moons, swiss-roll");
    assertThatThrownBy(() -> data(toy("--data.source=two-gaussians")))
        .hasMessageContaining("model.dimensions = 2: moons");
    assertThatThrownBy(
            () ->
                data(
                    Overrides.apply(
                        Presets.load("digits-quickstart"), List.of("data.source=moons"))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("data.source is moons, which are points");
    assertThatThrownBy(() -> toy("--data.flip=horizontal"))
        .hasMessage("data.flip is horizontal; allowed: none, for points");
    assertThatThrownBy(() -> TrainingRun.start(toy("--max=1"), TestExperiments.images(4), folder))
        .isInstanceOf(UserException.class)
        .hasMessage("the data are images; the model takes samples of shape [2]");
  }

  private static PointEvaluation judged(DiffusionModel model) {
    try (Scope scope = Scope.open()) {
      Tensor drawn = model.sample(SampleRequest.of(800), SAMPLING, SamplingListener.NONE);
      return PointEvaluation.of(drawn, KnownPoints.EIGHT_GAUSSIANS, Seed.of(1));
    }
  }

  private static Dataset data(ExperimentConfig config) throws IOException {
    return new Datasets(Optional.empty(), Progress.NONE).open(config);
  }

  /** The preset with a network and batches that take no time. */
  private static ExperimentConfig toy(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.width=32",
                "model.depth=2",
                "data.limit=5000",
                "training.batch=256",
                "sampling.steps=20",
                "reporting.logEverySteps=1"));
    for (String override : overrides) {
      all.add(override.replace("--max=", "training.budget.maxSteps="));
    }
    return Overrides.apply(Presets.load("toy2d"), all);
  }
}
