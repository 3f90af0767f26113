package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import org.junit.jupiter.api.Test;

class ScheduleWarningsTest {
  @Test
  void of_linearWithFewSteps_tellsTheTwoReadingsApart() {
    assertThat(ScheduleWarnings.of(new ScheduleConfig.Linear(100, 1e-4, 0.02)))
        .containsExactly(
            "linear keeps the betas of T = 1000 with T = 100, so that alpha-bar ends at 0.364;"
                + " times 1000 / T it would end at 2.04e-05 (kind rescaled-linear)",
            "the last step leaves 60.3 % of an image's amplitude (signal² = 0.364): x_T is up to"
                + " 0.33 bits per dimension away from N(0, I), where sampling begins");
  }

  @Test
  void of_linearWithManySteps_tellsTheTwoReadingsApart() {
    assertThat(ScheduleWarnings.of(new ScheduleConfig.Linear(4000, 1e-4, 0.02)))
        .singleElement()
        .asString()
        .contains("T = 4000", "2.65e-18", "4.25e-05");
  }

  @Test
  void of_scaledLinear_saysWhichBetasInstead() {
    assertThat(ScheduleWarnings.of(new ScheduleConfig.ScaledLinear(500, 1e-4, 0.02)))
        .first()
        .asString()
        .contains("scaled-linear", "betaStart 0.0002000, betaEnd 0.04000");
  }

  @Test
  void of_schedulesAsMeant_saysNothing() {
    assertThat(ScheduleWarnings.of(new ScheduleConfig.Linear(1000, 1e-4, 0.02))).isEmpty();
    assertThat(ScheduleWarnings.of(new ScheduleConfig.RescaledLinear(100, 1e-4, 0.02))).isEmpty();
    assertThat(ScheduleWarnings.of(new ScheduleConfig.Linear(100, 1e-3, 0.2))).isEmpty();
    assertThat(ScheduleWarnings.of(new ScheduleConfig.Cosine(10))).isEmpty();
  }

  @Test
  void of_epsilonAndNoSignalAtTheEnd_saysWhatToPredict() {
    ScheduleConfig schedule = new ScheduleConfig.Jsd(10);

    assertThat(ScheduleWarnings.of(process(schedule, ProcessConfig.PredictionTarget.EPSILON)))
        .singleElement()
        .asString()
        .contains("epsilon", "x0 and v");
    assertThat(ScheduleWarnings.of(process(schedule, ProcessConfig.PredictionTarget.V))).isEmpty();
  }

  private static ProcessConfig process(
      ScheduleConfig schedule, ProcessConfig.PredictionTarget prediction) {
    return new ProcessConfig(
        schedule, prediction, ProcessConfig.VarianceChoice.BETA, ProcessConfig.X0Range.UNBOUNDED);
  }
}
