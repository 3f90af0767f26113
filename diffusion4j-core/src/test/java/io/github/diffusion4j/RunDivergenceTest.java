package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.LoggedDivergence;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TestExperiments;
import io.github.diffusion4j.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDivergenceTest {
  private static final ImageDataset IMAGES = TestExperiments.images(10);
  private static final String ABSURD = "training.learningRate.peak=1e30";
  private static final String LOWER = "training.onDivergence=lower-rate";
  private static final int STEPS = 8;

  @TempDir Path folder;

  private static ExperimentConfig config(String... overrides) {
    List<String> all = new ArrayList<>(List.of("reporting.checkpointEverySteps=2"));
    all.addAll(List.of(overrides));
    return Overrides.apply(TestExperiments.steps(STEPS), all);
  }

  private void trainGoodSteps(int steps) throws IOException {
    try (TrainingRun run = TrainingRun.start(config(), IMAGES, folder)) {
      run.train(() -> run.trainer().step() == steps, report -> {});
    }
  }

  @Test
  void train_absurdRateFromTheStart_saysThatThereIsNothingToGoBackTo() throws IOException {
    try (TrainingRun run = TrainingRun.start(config(ABSURD), IMAGES, folder)) {
      RunDivergedException problem =
          catchThrowableOfType(
              RunDivergedException.class, () -> run.train(() -> false, report -> {}));

      assertThat(problem.lastGood()).isEmpty();
      assertThat(problem.peak()).isEqualTo(1e30);
      assertThat(problem).hasMessageStartingWith("the training diverged at step 2: loss ");
    }
    assertThat(Checkpoints.of(folder).list()).isEmpty();
    assertThat(new RunDirectory(folder).divergences())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.step()).isEqualTo(2);
              assertThat(event.loss()).isNotFinite();
              assertThat(event.backTo()).isEmpty();
            });
  }

  @Test
  void train_absurdRateAfterGoodSteps_keepsTheLastGoodCheckpoint() throws IOException {
    trainGoodSteps(4);

    try (TrainingRun run = TrainingRun.resume(config(ABSURD), IMAGES, folder)) {
      assertThatThrownBy(() -> run.train(() -> false, report -> {}))
          .isInstanceOfSatisfying(
              RunDivergedException.class,
              problem ->
                  assertThat(problem.lastGood())
                      .contains(folder.resolve("checkpoints/step-00000004")));
    }
    assertThat(folder.resolve("checkpoints/latest")).hasContent("step-00000004");
    assertAllAreFinite();

    try (TrainingRun run = TrainingRun.resume(config(), IMAGES, folder)) {
      run.train(() -> false, report -> {});
    }
    RunDirectory directory = new RunDirectory(folder);
    assertThat(directory.logged()).extracting(StepReport::step).endsWith(7L, 8L).hasSize(STEPS);
    assertThat(directory.divergences()).hasSize(1);
  }

  /** A step may ruin the weights although its own loss and gradient were those of good ones. */
  @Test
  void saveCheckpoint_weightsThatAreNotFinite_isRefused() throws IOException {
    try (TrainingRun run =
        TrainingRun.start(config(ABSURD, "reporting.checkpointEverySteps=1"), IMAGES, folder)) {
      try (NoGrad off = NoGrad.open()) {
        run.trainer().vectors().values().forEach(vector -> vector.fillInPlace(Double.NaN));
      }

      assertThatThrownBy(run::saveCheckpoint).hasMessageContaining("weights that are not finite");
    }
    assertThat(Checkpoints.of(folder).list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void train_toLowerTheRate_goesBackAndFinishes(int goodSteps) throws IOException {
    if (goodSteps > 0) {
      trainGoodSteps(goodSteps);
    }
    List<LoggedDivergence> heard = new ArrayList<>();
    finish(config(ABSURD, LOWER, "training.onDivergence.factor=1e-33"), goodSteps > 0, heard::add);

    Path last = folder.resolve("checkpoints/step-00000008");
    assertThat(Checkpoints.of(folder).latest()).contains(last);
    assertAllAreFinite();
    RunDirectory directory = new RunDirectory(folder);
    assertThat(directory.logged())
        .extracting(StepReport::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(directory.divergences()).isEqualTo(heard).hasSize(1);
    assertThat(heard.get(0).backTo()).contains((long) goodSteps);
    assertThat(heard.get(0).peak()).isEqualTo(1e30);
    assertThat(heard.get(0).lowerPeak()).contains(1e30 * 1e-33);
    try (Scope scope = Scope.open()) {
      assertThat(TrainingState.read(last).config())
          .isEqualTo(
              config(
                  "training.learningRate.peak=" + 1e30 * 1e-33,
                  LOWER,
                  "training.onDivergence.factor=1e-33",
                  "training.onDivergence.maxTimes=4"));
    }
  }

  @Test
  void train_toLowerTheRate_isTheSameTwice() throws IOException {
    ExperimentConfig config = config(ABSURD, LOWER, "training.onDivergence.factor=1e-33");
    Path once = folder.resolve("once");
    Path again = folder.resolve("again");
    for (Path run : List.of(once, again)) {
      try (TrainingRun training = TrainingRun.start(config, IMAGES, run)) {
        training.train(() -> false, report -> {});
      }
    }

    String state = "checkpoints/step-00000008/training_state.safetensors";
    assertThat(once.resolve(state)).hasSameBinaryContentAs(again.resolve(state));
  }

  @Test
  void train_noTimeLeft_ends() throws IOException {
    ExperimentConfig config = config(ABSURD, LOWER, "training.onDivergence.maxTimes=2");

    try (TrainingRun run = TrainingRun.start(config, IMAGES, folder)) {
      assertThatThrownBy(() -> run.train(() -> false, report -> {}))
          .isInstanceOfSatisfying(
              RunDivergedException.class,
              problem -> assertThat(problem.peak()).isEqualTo(1e30 / 4));
    }
    assertThat(new RunDirectory(folder).divergences())
        .extracting(LoggedDivergence::lowerPeak)
        .containsExactly(Optional.of(1e30 / 2), Optional.of(1e30 / 4), Optional.empty());
  }

  @Test
  void onDivergence_factorThatDoesNotLower_isRefused() {
    assertThatThrownBy(() -> config(LOWER, "training.onDivergence.factor=1"))
        .isInstanceOf(UserException.class)
        .hasMessage("training.onDivergence.factor is 1.0; allowed: 0 < factor < 1");
  }

  private void finish(
      ExperimentConfig config, boolean isResumed, Consumer<LoggedDivergence> onDivergence)
      throws IOException {
    try (TrainingRun run =
        isResumed
            ? TrainingRun.resume(config, IMAGES, folder)
            : TrainingRun.start(config, IMAGES, folder)) {
      run.train(
          () -> false,
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {}

            @Override
            public void onDivergence(LoggedDivergence divergence) {
              onDivergence.accept(divergence);
            }
          });
    }
  }

  private void assertAllAreFinite() throws IOException {
    List<Path> checkpoints = Checkpoints.of(folder).list();
    assertThat(checkpoints).isNotEmpty();
    for (Path checkpoint : checkpoints) {
      for (String file :
          List.of("training_state.safetensors", "unet/diffusion_pytorch_model.safetensors")) {
        assertThat(Files.exists(checkpoint.resolve(file))).isTrue();
        try (Scope scope = Scope.open()) {
          assertThat(Safetensors.read(checkpoint.resolve(file)).values())
              .allMatch(Tensor::isFinite);
        }
      }
    }
  }
}
