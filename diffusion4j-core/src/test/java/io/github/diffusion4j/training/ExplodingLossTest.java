package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.data.ImageDataset;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplodingLossTest {
  private static final int STEPS = ExplodingLoss.STEPS;
  private static final double FACTOR = ExplodingLoss.FACTOR;

  private static void watch(int batch, long steps, LongToDoubleFunction loss) {
    ExplodingLoss watched = new ExplodingLoss(batch);
    for (long step = 1; step <= steps; step++) {
      watched.observe(step, loss.applyAsDouble(step), 1);
    }
  }

  /** With σ = 4 one loss in a hundred is 10,000 times the median. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 512})
  void observe_lossesWithHeavyTails_neverAlarm(int batch) {
    Random random = new Random(batch);

    assertThatCode(() -> watch(batch, 200_000, step -> Math.exp(4 * random.nextGaussian())))
        .doesNotThrowAnyException();
  }

  @Test
  void observe_cauchyLosses_neverAlarm() {
    Random random = new Random(0);

    assertThatCode(
            () -> watch(16, 200_000, step -> Math.abs(Math.tan(Math.PI * random.nextDouble()))))
        .doesNotThrowAnyException();
  }

  @Test
  void observe_largeLossesInARow_alarmAtTheLastAndNameTheFirst() {
    DivergedException problem =
        catchThrowableOfType(
            DivergedException.class, () -> watch(64, 1000, step -> step < 300 ? 1 : 1.01 * FACTOR));

    assertThat(problem.step()).isEqualTo(300 + STEPS - 1);
    assertThat(problem.firstStep()).isEqualTo(300);
    assertThat(problem).hasMessageContaining("loss 101.0").hasMessageContaining("100 times the 1");
  }

  @Test
  void observe_oneSmallLossBetween_isNoAlarm() {
    assertThatCode(() -> watch(64, 1000, step -> step % STEPS == 1 ? 1 : 1e9))
        .doesNotThrowAnyException();
  }

  @Test
  void observe_ruinedByTheFirstStep_isNoticed() {
    DivergedException problem =
        catchThrowableOfType(
            DivergedException.class, () -> watch(128, 1000, step -> step == 1 ? 1 : 1e5));

    assertThat(problem.step()).isEqualTo(STEPS + 1);
    assertThat(problem.firstStep()).isEqualTo(2);
  }

  @Test
  void isInDoubt_afterALargeLoss_untilASmallOne() {
    ExplodingLoss watched = new ExplodingLoss(64);
    watched.observe(1, 1, 1);
    watched.observe(2, 1e9, 1);
    assertThat(watched.isInDoubt()).isTrue();
    watched.observe(3, 1, 1);
    assertThat(watched.isInDoubt()).isFalse();
  }

  /** One sample a step, whose loss depends on its time by orders of magnitude. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "simple, uniform, uniform",
        "simple, min-snr, uniform",
        "simple, uniform, importance",
        "vlb, term, uniform",
        "vlb, bound, uniform",
      })
  void training_ofSingleSamples_isNoDivergence(String recipe) throws IOException {
    String[] words = recipe.split(", ", -1);
    boolean simple = words[0].equals("simple");
    List<String> options =
        List.of(
            "training.batch=1",
            "training.learningRate.peak=0.001",
            "training.loss.kind=" + words[0],
            simple ? "training.loss.weighting.kind=" + words[1] : "training.loss.scale=" + words[1],
            "training.loss.timesteps.kind=" + words[2]);
    ExperimentConfig config = Overrides.apply(TestExperiments.steps(300), options);
    ImageDataset images = TestExperiments.images(20);
    try (Trainer trainer = new Trainer(config, images)) {
      trainer.run(() -> false, report -> assertThat(report.loss()).isFinite());

      assertThat(trainer.step()).isEqualTo(300);
    }
  }
}
