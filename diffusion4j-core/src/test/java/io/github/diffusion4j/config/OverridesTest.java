package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
  private final ExperimentConfig mnist = Presets.load("mnist");

  @Test
  void apply_valuesOfAllTypes_changesThem() {
    ExperimentConfig changed =
        Overrides.apply(
            mnist,
            List.of(
                "--training.batch=32",
                "seed=-5",
                "--training.learningRate.peak=1e-3",
                "--model.widths=[16,32, 32]",
                "--model.blocks=residual,attention,attention",
                "--model.classes=10",
                "--training.optimizer.kind=ADAMW",
                "--data.source=/a=b:c",
                "--training.optimizer.gradientClip=none"));

    assertThat(changed.training().batch()).isEqualTo(32);
    assertThat(changed.seed()).isEqualTo(-5);
    assertThat(changed.training().learningRate().peak()).isEqualTo(1e-3);
    assertThat(changed.unet().widths()).containsExactly(16, 32, 32);
    assertThat(changed.unet().blocks().get(1)).isEqualTo(BlockKind.ATTENTION);
    assertThat(changed.model().classes()).isEqualTo(Optional.of(10));
    assertThat(changed.training().optimizer().kind()).isEqualTo(OptimizerConfig.Kind.ADAMW);
    assertThat(changed.data().source()).isEqualTo("/a=b:c");
    assertThat(changed.training().optimizer().gradientClip()).isEmpty();
  }

  @Test
  void apply_anotherVariant_isChosenBeforeItsOptions() {
    ExperimentConfig changed =
        Overrides.apply(
            mnist,
            List.of(
                "--process.schedule.betaStart=1e-4",
                "--process.schedule.betaEnd=0.02",
                "--process.schedule.kind=scaled-linear",
                "--training.ema.rampUp=none"));

    assertThat(changed.process().schedule())
        .isEqualTo(new ScheduleConfig.ScaledLinear(1000, 1e-4, 0.02));
    assertThat(changed.training().ema().rampUp()).isEqualTo(new EmaConfig.RampUp.None());
  }

  @Test
  void apply_variantInsideAVariant_isChosenAfterTheOuterOne() {
    ExperimentConfig changed =
        Overrides.apply(
            mnist,
            List.of(
                "--process.schedule.of.steps=500",
                "--process.schedule.of.kind=cosine",
                "--process.schedule.kind=zero-terminal-snr"));

    assertThat(changed.process().schedule())
        .isEqualTo(new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.Cosine(500)));
  }

  @Test
  void apply_valuesThatOnlyFitTogether_isAccepted() {
    ExperimentConfig changed =
        Overrides.apply(
            mnist,
            List.of("model.layers.groups=5", "model.widths=10,20,40", "model.layers.headWidth=20"));

    assertThat(changed.unet().widths()).containsExactly(10, 20, 40);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --training.bacth=64          | training.bacth is unknown; did you mean training.batch?
          --batch=64                   | batch is unknown; did you mean training.batch?
          --training.batch.size=64     | training.batch.size is unknown; did you mean model.size?
          --training.optimiser.beta1=0 | training.optimiser.beta1 is unknown; did you mean training.optimizer.beta1?
          --training.batch=sixty       | training.batch is "sixty"; allowed: a whole number
          --training.batch=            | training.batch is ""; allowed: a whole number
          --training.batch             | --training.batch has no value; allowed: path.to.option=value
          --training.ema=0.9           | training.ema is a group; allowed: training.ema.decay, training.ema.rampUp.inverseGamma, training.ema.rampUp.kind, training.ema.rampUp.power
          --process.schedule=lineal    | process.schedule.kind is "lineal"; allowed: linear, rescaled-linear, scaled-linear, warmup, constant, jsd, proportional
          --sampling.sampler=dpm       | sampling.sampler is "dpm"; allowed: ddpm, ddim
          --training.ema.decay=NaN     | training.ema.decay is
          """)
  void apply_wrongOverride_saysWhatAndWhatIsAllowed(String override, String message) {
    assertThatThrownBy(() -> Overrides.apply(mnist, List.of(override)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void paths_namesOptionsOfAllVariants() {
    assertThat(Overrides.paths())
        .contains("training.batch", "process.schedule.kind", "process.schedule.tau", "seed")
        .doesNotContain("training", "process.schedule");
  }
}
