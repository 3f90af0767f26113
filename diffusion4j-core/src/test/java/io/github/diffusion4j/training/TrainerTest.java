package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.BudgetConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.TrainingConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final ImageDataset IMAGES = TestExperiments.images(20);

  @Test
  void run_budgetOfSteps_takesThemAndReportsEach() throws IOException {
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer = new Trainer(TestExperiments.steps(6), IMAGES)) {
      trainer.run(() -> false, reports::add);

      assertThat(trainer.step()).isEqualTo(6);
      assertThat(trainer.progress()).isEqualTo(1);
    }
    assertThat(reports).extracting(StepReport::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(reports).extracting(StepReport::images).endsWith(24L);
    assertThat(reports).allMatch(report -> report.loss() > 0 && report.gradientNorm() > 0);
    assertThat(reports.get(0).learningRate()).isCloseTo(0.5e-3, within(1e-12));
    assertThat(reports.get(3).learningRate()).isCloseTo(0.5e-3, within(1e-12));
  }

  @Test
  void run_budgetOfMinutes_endsWhenTheyAreOver() throws IOException {
    BudgetConfig twentieth = new BudgetConfig(Optional.empty(), Optional.of(0.05 / 60));
    TrainingConfig training = TestExperiments.training(4, 1, twentieth, TestExperiments.ADAM, 1e-3);
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(TestExperiments.of(TestExperiments.unconditional(), training), IMAGES)) {
      trainer.run(() -> false, reports::add);

      assertThat(trainer.elapsedSeconds()).isGreaterThanOrEqualTo(0.05);
      assertThat(trainer.step()).isEqualTo(reports.size()).isPositive();
    }
    assertThat(reports.subList(0, reports.size() - 1))
        .allMatch(report -> report.elapsedSeconds() < 0.05);
  }

  @Test
  void run_stopSignal_endsAfterThePresentStep() throws IOException {
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer = new Trainer(TestExperiments.steps(100), IMAGES)) {
      trainer.run(() -> reports.size() == 3, reports::add);

      assertThat(trainer.step()).isEqualTo(3);
      assertThat(trainer.progress()).isCloseTo(0.03, within(1e-12));
    }
  }

  @Test
  void run_absurdLearningRate_saysThatItDiverged() throws IOException {
    OptimizerConfig unclipped =
        TestExperiments.optimizer(OptimizerConfig.Kind.ADAM, Optional.empty());
    ExperimentConfig config = experiment(1, unclipped, 1e30);
    try (Trainer trainer = new Trainer(config, IMAGES)) {
      assertThatThrownBy(() -> trainer.run(() -> false, report -> {}))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("at step")
          .hasMessageContaining("norm of the gradient");
    }
  }

  @Test
  void run_manySteps_leavesNoNativeObjects() throws IOException {
    long[] live = new long[2];
    LiveObjects.settled();
    try (Trainer trainer = new Trainer(TestExperiments.steps(200), IMAGES)) {
      trainer.run(
          () -> false,
          report -> {
            if (report.step() == 20) {
              live[0] = Scope.liveObjects();
            } else if (report.step() == 200) {
              live[1] = Scope.liveObjects();
            }
          });
    }

    assertThat(live[1]).isEqualTo(live[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADAM", "MUON"})
  void close_afterTraining_freesEverything(OptimizerConfig.Kind kind) throws IOException {
    ExperimentConfig config =
        experiment(1, TestExperiments.optimizer(kind, Optional.empty()), 1e-3);
    long before = LiveObjects.settled();
    try (Trainer trainer = new Trainer(config, IMAGES)) {
      trainer.run(() -> trainer.step() == 1, report -> {});
    }

    assertThat(Scope.liveObjects()).isLessThanOrEqualTo(before);
  }

  /** With momentum off and plain steps, a clipped gradient bounds Adam's squared mean. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e9})
  void run_gradientClip_boundsWhatTheOptimizerSees(double clip) throws IOException {
    OptimizerConfig optimizer =
        new OptimizerConfig(OptimizerConfig.Kind.ADAM, 0, 0, 1e-8, 0, 1, Optional.of(clip));
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer = new Trainer(experiment(1, optimizer, 1e-4), IMAGES)) {
      trainer.run(() -> reports.size() == 1, reports::add);
      Tensor seen = requireNonNull(trainer.vectors().get("optimizer.mean"));

      double norm = reports.get(0).gradientNorm();
      assertThat(norm).isGreaterThan(1e-2);
      try (Scope scope = Scope.open()) {
        double expected = Math.min(norm, clip);
        assertThat(seen.norm().item()).isCloseTo(expected, within(1e-5 * expected));
      }
    }
  }

  @Test
  void run_averageOfConstantDecay_isTheClosedForm() throws IOException {
    List<float[]> weights = new ArrayList<>();
    try (Trainer trainer = new Trainer(TestExperiments.steps(5), IMAGES)) {
      Map<String, Tensor> vectors = trainer.vectors();
      Tensor present = requireNonNull(vectors.get("weights"));
      double[] expected = requireNonNull(vectors.get("average")).toDoubles();
      trainer.run(() -> false, report -> weights.add(present.toFloats()));
      Ema.Decay decay = Ema.Decay.rising(0.99, 1, 0.75);
      for (int k = 1; k <= 5; k++) {
        for (int i = 0; i < expected.length; i++) {
          expected[i] = decay.at(k) * expected[i] + (1 - decay.at(k)) * weights.get(k - 1)[i];
        }
      }

      assertNumbers(requireNonNull(vectors.get("average")).toDoubles()).areCloseTo(expected, 1e-6);
    }
  }

  /** The gradient of a batch is the mean of the gradients of its halves. */
  @Test
  void accumulation_ofTwoHalves_givesTheGradientOfTheWholeBatch() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(TestExperiments.unconditional(), Seed.of(1));
        ParameterVector vector = new ParameterVector(network.parameters())) {
      SimpleLoss loss =
          new SimpleLoss(
              Prediction.V, new LossWeighting.MinSnr(CosineSchedule.of(100), Prediction.V, 5));
      TrainingStep step =
          new TrainingStep(
              network,
              new ForwardProcess(CosineSchedule.of(100)),
              new TrainingStep.Objective(TimestepSampler.uniform(100), loss, 0));
      Tensor x0 = Seed.of(2).uniform(4, 1, 8, 8).times(2).minus(1);
      Tensor epsilon = Seed.of(3).normal(4, 1, 8, 8);
      step.loss(x0, Optional.empty(), TrainingStep.Draw.given(epsilon, 3, 20, 60, 99)).backward();
      double[] whole = FlatGradient.of(vector);
      vector.clearGradients();
      half(step, x0, epsilon, 0, 3, 20).dividedBy(2).backward();
      half(step, x0, epsilon, 2, 60, 99).dividedBy(2).backward();

      assertNumbers(FlatGradient.of(vector)).areCloseTo(whole, 1e-6);
    }
  }

  private static Tensor half(TrainingStep step, Tensor x0, Tensor epsilon, int from, int... t) {
    return step.loss(
        x0.narrow(0, from, 2),
        Optional.empty(),
        TrainingStep.Draw.given(epsilon.narrow(0, from, 2), t));
  }

  /** Four images, seen 120 times: the loss falls to less than half. */
  @ParameterizedTest
  @ValueSource(strings = {"ADAM", "MUON"})
  void run_fourImages_learnsThem(OptimizerConfig.Kind kind) throws IOException {
    OptimizerConfig optimizer = TestExperiments.optimizer(kind, Optional.of(1.0));
    List<Double> losses = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(experiment(120, optimizer, 5e-3), TestExperiments.images(4))) {
      trainer.run(() -> false, report -> losses.add(report.loss()));
    }
    double first = mean(losses.subList(0, 10));
    double last = mean(losses.subList(90, 120));

    assertThat(last).isLessThan(0.5 * first);
  }

  @Test
  void restore_vectorsOfAnotherOptimizer_areRefused() {
    try (Trainer adam = new Trainer(TestExperiments.steps(1), IMAGES);
        Trainer muon = new Trainer(experiment(1, TestExperiments.MUON, 1e-3), IMAGES)) {
      assertThatThrownBy(() -> muon.restore(1, 0, adam.vectors()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("optimizer.momentum");
    }
  }

  private static ExperimentConfig experiment(long steps, OptimizerConfig optimizer, double rate) {
    long budget = Math.max(steps, 20);
    return TestExperiments.of(
        TestExperiments.unconditional(),
        TestExperiments.training(4, 1, TestExperiments.budget(budget), optimizer, rate));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
