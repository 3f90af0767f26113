package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.BudgetConfig;
import io.github.diffusion4j.config.EmaConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LearningRateConfig;
import io.github.diffusion4j.config.LossConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.ScheduleConfig.Edm.Spacing;
import io.github.diffusion4j.config.TrainingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.ConstantSchedule;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.ExponentialSchedule;
import io.github.diffusion4j.diffusion.GeoDiffSigmoidSchedule;
import io.github.diffusion4j.diffusion.JsdSchedule;
import io.github.diffusion4j.diffusion.LaplaceSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.Predictions;
import io.github.diffusion4j.diffusion.ProportionalSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.ScaledLinearSchedule;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import io.github.diffusion4j.diffusion.SquaredSineSchedule;
import io.github.diffusion4j.diffusion.SubVariancePreserving;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.diffusion.WarmupSchedule;
import io.github.diffusion4j.diffusion.ZeroTerminalSnr;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FromConfigTest {

  static Stream<Arguments> schedules() {
    return Stream.of(
        kind(new ScheduleConfig.Linear(20, 1e-4, 0.02), LinearSchedule.of(20, 1e-4, 0.02)),
        kind(
            new ScheduleConfig.RescaledLinear(200, 1e-4, 0.02),
            LinearSchedule.rescaled(200, 1e-4, 0.02)),
        kind(
            new ScheduleConfig.ScaledLinear(20, 1e-4, 0.02),
            ScaledLinearSchedule.of(20, 1e-4, 0.02)),
        kind(
            new ScheduleConfig.Warmup(20, 1e-4, 0.02, 0.3), WarmupSchedule.of(20, 1e-4, 0.02, 0.3)),
        kind(new ScheduleConfig.Constant(20, 0.1), ConstantSchedule.of(20, 0.1)),
        kind(new ScheduleConfig.Jsd(20), JsdSchedule.of(20)),
        kind(new ScheduleConfig.Proportional(20, 0.3), ProportionalSchedule.of(20, 0.3)),
        kind(new ScheduleConfig.Exponential(20, 9), ExponentialSchedule.of(20, 9)),
        kind(new ScheduleConfig.Cosine(20), CosineSchedule.of(20)),
        kind(new ScheduleConfig.Sigmoid(20, -2, 3, 0.9), SigmoidSchedule.of(20, -2, 3, 0.9)),
        kind(
            new ScheduleConfig.SigmoidBeta(20, 1e-4, 0.02),
            GeoDiffSigmoidSchedule.of(20, 1e-4, 0.02)),
        kind(new ScheduleConfig.Laplace(20, 0.1, 0.7), LaplaceSchedule.of(20, 0.1, 0.7)),
        kind(new ScheduleConfig.DiffusersLaplace(20), LaplaceSchedule.ofDiffusers(20)),
        kind(
            new ScheduleConfig.VariancePreserving(20, 0.2, 9),
            new VariancePreserving(0.2, 9).discretized(20)),
        kind(
            new ScheduleConfig.SubVariancePreserving(20, 0.2, 9),
            new SubVariancePreserving(0.2, 9).discretized(20)),
        kind(
            new ScheduleConfig.VarianceExploding(20, 0.1, 9),
            new VarianceExploding(0.1, 9).discretized(20)),
        kind(new ScheduleConfig.SquaredSine(20), SquaredSineSchedule.of(20)),
        kind(
            new ScheduleConfig.LogSigmaTimes(new ScheduleConfig.Cosine(20)), CosineSchedule.of(20)),
        kind(new ScheduleConfig.Table(List.of(0.1, 0.3)), NoiseSchedule.ofBetas(0.1, 0.3)),
        kind(
            new ScheduleConfig.Edm(20, 0.1, 9, 0.5, Spacing.KARRAS, 5),
            NoiseSchedule.ofSigmas(SigmaSpacing.karras(20, 0.1, 9, 5))),
        kind(
            new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.Cosine(20)),
            ZeroTerminalSnr.of(CosineSchedule.of(20))));
  }

  private static Arguments kind(ScheduleConfig config, NoiseSchedule expected) {
    return Arguments.of(config, expected);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void schedule_eachKind_isTheScheduleOfThatName(ScheduleConfig config, NoiseSchedule expected) {
    assertThat(FromConfig.schedule(config).betas()).isEqualTo(expected.betas());
  }

  @Test
  void schedule_kinds_areAllTested() {
    Set<Class<?>> tested =
        schedules().map(arguments -> arguments.get()[0].getClass()).collect(Collectors.toSet());

    Set<Class<?>> kinds =
        Stream.of(ScheduleConfig.class, ScheduleConfig.OfSteps.class, ScheduleConfig.Plain.class)
            .flatMap(type -> Stream.of(type.getPermittedSubclasses()))
            .filter(Class::isRecord)
            .collect(Collectors.toSet());
    assertThat(tested).isEqualTo(kinds);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PRECONDITIONED", "CONSISTENCY"})
  void prediction_eachTarget_hasTheSameName(ProcessConfig.PredictionTarget target) {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Cosine(20),
            target,
            ProcessConfig.VarianceChoice.BETA,
            ProcessConfig.X0Range.UNBOUNDED);

    assertThat(FromConfig.prediction(process)).isSameAs(Predictions.valueOf(target.name()).get());
  }

  /** F and its negative, the velocity of data with that deviation. */
  @Test
  void prediction_ofEdm_isPreconditioned() {
    NoiseLevel level = new NoiseLevel(1, 0.6, 0.8);
    Prediction.Mixture f = FromConfig.prediction(edm(PredictionTarget.PRECONDITIONED)).at(level);
    Prediction.Mixture v = FromConfig.prediction(edm(PredictionTarget.V)).at(level);

    assertThat(f).isEqualTo(Prediction.preconditioned(0.5).at(level));
    assertThat(v).isEqualTo(new Prediction.Mixture(-f.ofX0(), -f.ofEpsilon()));
  }

  private static ProcessConfig edm(PredictionTarget target) {
    return new ProcessConfig(
        new ScheduleConfig.Edm(20, 0.1, 9, 0.5, Spacing.KARRAS, 5),
        target,
        ProcessConfig.VarianceChoice.BETA,
        ProcessConfig.X0Range.UNBOUNDED);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PRECONDITIONED", "CONSISTENCY", "V"})
  void process_otherPredictionThanEdms_isRefused(PredictionTarget target) {
    assertThatThrownBy(() -> edm(target))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("; allowed: preconditioned, consistency or v for the schedule edm");
  }

  @Test
  void process_preconditionedWithoutEdm_isRefused() {
    assertThatThrownBy(
            () ->
                new ProcessConfig(
                    new ScheduleConfig.Cosine(20),
                    PredictionTarget.PRECONDITIONED,
                    ProcessConfig.VarianceChoice.BETA,
                    ProcessConfig.X0Range.UNBOUNDED))
        .isInstanceOf(UserException.class)
        .hasMessage("process.prediction is preconditioned; allowed: epsilon, x0 or v");
  }

  @Test
  void process_edmClipped_isRefused() {
    ScheduleConfig schedule = edm(PredictionTarget.V).schedule();

    assertThatThrownBy(
            () ->
                new ProcessConfig(
                    schedule,
                    PredictionTarget.V,
                    ProcessConfig.VarianceChoice.BETA,
                    ProcessConfig.X0Range.CLIP_TO_DATA))
        .isInstanceOf(UserException.class)
        .hasMessage("process.x0Range is clip-to-data; allowed: unbounded for the schedule edm");
  }

  static Stream<Arguments> weightings() {
    NoiseSchedule schedule = CosineSchedule.of(100);
    return Stream.of(
        Arguments.of(new LossConfig.Weighting.Uniform(), new LossWeighting.Uniform()),
        Arguments.of(new LossConfig.Weighting.Snr(), new LossWeighting.Snr(schedule, Prediction.V)),
        Arguments.of(
            new LossConfig.Weighting.MinSnr(3),
            new LossWeighting.MinSnr(schedule, Prediction.V, 3)),
        Arguments.of(
            new LossConfig.Weighting.P2(2, 0.5),
            new LossWeighting.P2(schedule, Prediction.V, 2, 0.5)),
        Arguments.of(
            new LossConfig.Weighting.Edm(-1, 1.5),
            LossWeighting.Edm.of(schedule, Prediction.V, -1, 1.5)),
        Arguments.of(
            new LossConfig.Weighting.Preconditioned(),
            new LossWeighting.Preconditioned(schedule, Prediction.V, 0.6)));
  }

  @ParameterizedTest
  @MethodSource("weightings")
  void objective_eachWeighting_isTheWeightingOfThatName(
      LossConfig.Weighting config, LossWeighting expected) {
    TrainingStep.Objective objective =
        objective(new LossConfig.Simple(config, new LossConfig.TimestepSampling.Uniform()));

    LossWeighting actual = ((SimpleLoss) objective.loss()).weighting();
    assertThat(actual).hasSameClassAs(expected);
    for (int t : new int[] {1, 40, 100}) {
      assertThat(actual.weight(t)).isEqualTo(expected.weight(t));
    }
  }

  @Test
  void weightings_kinds_areAllTested() {
    Set<Class<?>> tested =
        weightings().map(arguments -> arguments.get()[0].getClass()).collect(Collectors.toSet());

    assertThat(tested)
        .containsExactlyInAnyOrder(LossConfig.Weighting.class.getPermittedSubclasses());
  }

  static Stream<Arguments> timesteps() {
    NoiseSchedule schedule = CosineSchedule.of(100);
    LossWeighting minSnr = new LossWeighting.MinSnr(schedule, Prediction.V, 5);
    return Stream.of(
        Arguments.of(
            new LossConfig.TimestepSampling.Uniform(),
            (Supplier<TimestepSampler>) () -> TimestepSampler.uniform(100)),
        Arguments.of(
            new LossConfig.TimestepSampling.Stratified(),
            (Supplier<TimestepSampler>) () -> TimestepSampler.stratified(100)),
        Arguments.of(
            new LossConfig.TimestepSampling.Importance(),
            (Supplier<TimestepSampler>) () -> TimestepSampler.importance(100, minSnr::weight)),
        Arguments.of(
            new LossConfig.TimestepSampling.LogNormal(-1, 2),
            (Supplier<TimestepSampler>) () -> TimestepSampler.logNormal(schedule, -1, 2)),
        Arguments.of(
            new LossConfig.TimestepSampling.LossSecondMoment(1, 0.1),
            (Supplier<TimestepSampler>) () -> new LossSecondMoment(100, 1, 0.1)));
  }

  @ParameterizedTest
  @MethodSource("timesteps")
  void objective_eachWayToDrawTimes_drawsAsItSays(
      LossConfig.TimestepSampling sampling, Supplier<TimestepSampler> make) {
    TrainingStep.Objective objective =
        objective(new LossConfig.Simple(new LossConfig.Weighting.MinSnr(5), sampling));
    int[] all = IntStream.rangeClosed(1, 100).toArray();
    try (Scope scope = Scope.open();
        TimestepSampler expected = make.get();
        TimestepSampler actual = objective.timesteps()) {
      for (TimestepSampler sampler : List.of(expected, actual)) {
        sampler.observe(all, Tensor.arange(100).to(DType.F32));
      }

      assertThat(actual.draw(50, Seed.of(1))).isEqualTo(expected.draw(50, Seed.of(1)));
      assertThat(actual.weights(all)).isEqualTo(expected.weights(all));
    }
    boolean unweighted =
        ((SimpleLoss) objective.loss()).weighting() instanceof LossWeighting.Uniform;
    assertThat(unweighted).isEqualTo(sampling instanceof LossConfig.TimestepSampling.Importance);
  }

  @Test
  void timesteps_kinds_areAllTested() {
    Set<Class<?>> tested =
        timesteps().map(arguments -> arguments.get()[0].getClass()).collect(Collectors.toSet());

    assertThat(tested)
        .containsExactlyInAnyOrder(LossConfig.TimestepSampling.class.getPermittedSubclasses());
  }

  /** λ T of the bound: 0.001 · 5. */
  @Test
  void objective_hybrid_hasTheFactorOfAllSteps() {
    HybridLoss loss =
        (HybridLoss)
            FromConfig.objective(
                    TestExperiments.learned(
                        3,
                        new LossConfig.Hybrid(
                            new LossConfig.Weighting.Uniform(),
                            new LossConfig.TimestepSampling.Uniform(),
                            0.001)))
                .loss();

    assertThat(loss.bound().factor()).isCloseTo(0.005, within(1e-12));
    assertThat(loss.simple().prediction()).isSameAs(Prediction.V);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 1", "BOUND, 100"})
  void objective_vlb_hasTheFactorOfItsScale(LossConfig.Scale scale, double factor) {
    Loss loss =
        objective(new LossConfig.Vlb(new LossConfig.TimestepSampling.Uniform(), scale)).loss();

    assertThat(((VariationalLoss) loss).factor()).isEqualTo(factor);
  }

  @ParameterizedTest
  @EnumSource
  void variance_eachChoice_isTheVarianceOfThatName(ProcessConfig.VarianceChoice choice) {
    ReverseVariance variance = FromConfig.variance(choice);
    assertThat(variance.toString()).isEqualTo(choice.name());
    assertThat(variance.isLearned()).isEqualTo(choice.isLearned());
  }

  /** One step with a gradient of ones and a weight of 1 tells the kinds apart. */
  @ParameterizedTest
  @EnumSource
  void optimizer_eachKind_takesItsOwnStep(OptimizerConfig.Kind kind) {
    OptimizerConfig config = new OptimizerConfig(kind, 0, 0, 1e-12, 0.5, 3, Optional.empty());
    try (Scope scope = Scope.open()) {
      Tensor weight = Tensor.full(1, 1, 1).trainable();
      try (ParameterVector parameters = new ParameterVector(Map.of("hidden", weight));
          Optimizer optimizer = FromConfig.optimizer(config, parameters)) {
        FlatGradient.set(weight, Tensor.full(1, 1, 1));
        optimizer.step(1, 0.1);
      }

      double moved = 1 - weight.item();
      switch (kind) {
        case ADAM -> assertThat(moved).isCloseTo(0.1, within(1e-6));
        case ADAMW -> assertThat(moved).isCloseTo(0.1 + 0.05, within(1e-6));
        case MUON -> assertThat(moved).isBetween(0.3 * 0.5, 0.3 * 1.5);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void learningRate_eachDecay_hasTheSameName(LearningRateConfig.Decay decay) {
    assertThat(FromConfig.learningRate(new LearningRateConfig(0.1, 5, decay)))
        .isEqualTo(new LearningRate(0.1, 5, LearningRate.Decay.valueOf(decay.name())));
  }

  @Test
  void ema_withAndWithoutRampUp_isConstantOrRising() {
    Ema.Decay constant = FromConfig.ema(new EmaConfig(0.9, new EmaConfig.RampUp.None()));
    Ema.Decay rising = FromConfig.ema(new EmaConfig(0.9, new EmaConfig.RampUp.Power(2, 0.5)));

    assertThat(constant.at(1)).isEqualTo(0.9);
    assertThat(rising.at(1)).isZero();
    assertThat(rising.at(5)).isCloseTo(1 - 1 / Math.sqrt(3), within(1e-12));
    assertThat(rising.at(1_000_000)).isEqualTo(0.9);
  }

  @Test
  void budget_stepsAndMinutes_endsAtTheFirstLimit() {
    Budget steps = new Budget(new BudgetConfig(Optional.of(10L), Optional.empty()));
    Budget minutes = new Budget(new BudgetConfig(Optional.empty(), Optional.of(2.0)));
    Budget both = new Budget(new BudgetConfig(Optional.of(10L), Optional.of(2.0)));

    assertThat(steps.progress(5, 1e9)).isEqualTo(0.5);
    assertThat(minutes.progress(1_000_000, 30)).isEqualTo(0.25);
    assertThat(both.progress(5, 30)).isEqualTo(0.5);
    assertThat(both.progress(1, 90)).isEqualTo(0.75);
    assertThat(both.progress(20, 1)).isEqualTo(1);
  }

  private static TrainingStep.Objective objective(LossConfig loss) {
    TrainingConfig plain = TestExperiments.steps(1).training();
    TrainingConfig training =
        new TrainingConfig(
            plain.batch(),
            plain.accumulation(),
            plain.budget(),
            plain.optimizer(),
            plain.learningRate(),
            plain.ema(),
            loss);
    ExperimentConfig config = TestExperiments.of(TestExperiments.unconditional(), training);
    return FromConfig.objective(config);
  }
}
