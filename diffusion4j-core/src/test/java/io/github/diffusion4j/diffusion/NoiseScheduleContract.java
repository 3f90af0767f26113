package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every kind of schedule and any number of steps. */
abstract class NoiseScheduleContract {

  abstract NoiseSchedule schedule(int steps);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void steps_anyNumber_isThatNumber(int steps) {
    assertThat(schedule(steps).steps()).isEqualTo(steps);
    assertThat(schedule(steps).betas()).hasSize(steps);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void alphaBar_fromCleanToNoise_fallsFromOne(int steps) {
    NoiseSchedule schedule = schedule(steps);

    assertThat(schedule.alphaBar(0)).isEqualTo(1);
    for (int t = 1; t <= steps; t++) {
      assertThat(schedule.alphaBar(t)).isPositive().isLessThan(schedule.alphaBar(t - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void beta_everyStep_followsFromAlphaBar(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int t = 1; t <= steps; t++) {
      double quotient = schedule.alphaBar(t) / schedule.alphaBar(t - 1);
      assertThat(schedule.beta(t)).isPositive().isLessThan(1);
      assertThat(schedule.beta(t)).isCloseTo(1 - quotient, within(1e-15));
      assertThat(schedule.alpha(t) + schedule.beta(t)).isCloseTo(1, within(1e-15));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void betaTilde_everyStep_liesBetweenZeroAndBeta(int steps) {
    NoiseSchedule schedule = schedule(steps);

    assertThat(schedule.betaTilde(1)).isZero();
    for (int t = 2; t <= steps; t++) {
      assertThat(schedule.betaTilde(t)).isPositive().isLessThanOrEqualTo(schedule.beta(t));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void signalAndNoise_everyStep_addUpToOne(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int t = 0; t <= steps; t++) {
      double signal = schedule.sqrtAlphaBar(t);
      double noise = schedule.sqrtOneMinusAlphaBar(t);
      assertThat(signal * signal + noise * noise).isCloseTo(1, within(1e-15));
    }
    assertThat(schedule.snr(0)).isEqualTo(Double.POSITIVE_INFINITY);
    for (int t = 1; t <= steps; t++) {
      assertThat(schedule.snr(t)).isFinite().isPositive().isLessThan(schedule.snr(t - 1));
    }
  }
}
