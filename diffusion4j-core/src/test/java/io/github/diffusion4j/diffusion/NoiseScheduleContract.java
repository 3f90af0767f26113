package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every kind of schedule and any number of steps. */
abstract class NoiseScheduleContract {

  abstract NoiseSchedule schedule(int steps);

  /** Whether ᾱ_T is exactly 0; then β_T is 1, and only then. */
  boolean endsWithoutSignal() {
    return false;
  }

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
      assertThat(schedule.alphaBar(t)).isLessThan(schedule.alphaBar(t - 1));
      assertThat(schedule.alphaBar(t) > 0).isEqualTo(t < steps || !endsWithoutSignal());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void beta_everyStep_followsFromAlphaBar(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int t = 1; t <= steps; t++) {
      double quotient = schedule.alphaBar(t) / schedule.alphaBar(t - 1);
      assertThat(schedule.beta(t)).isPositive().isCloseTo(1 - quotient, within(1e-15));
      assertThat(schedule.beta(t) < 1).isEqualTo(t < steps || !endsWithoutSignal());
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
  void logBetaTildeClipped_everyStep_isFiniteAndAtMostLogBeta(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int t = 1; t <= steps; t++) {
      double logBeta = Math.log(schedule.beta(t));
      assertThat(schedule.logBetaTildeClipped(t)).isFinite().isLessThanOrEqualTo(logBeta);
      if (t > 1) {
        assertThat(schedule.logBetaTildeClipped(t)).isEqualTo(Math.log(schedule.betaTilde(t)));
      }
    }
    assertThat(schedule.logBetaTildeClipped(1))
        .isEqualTo(steps == 1 ? Math.log(schedule.beta(1)) : schedule.logBetaTildeClipped(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void reverseVariance_everyKindAndStep_isFiniteAndAtMostBeta(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int t = 1; t <= steps; t++) {
      for (FixedVariance variance : FixedVariance.values()) {
        assertThat(variance.at(schedule, t)).isFinite().isBetween(0.0, schedule.beta(t));
        assertThat(variance.log(schedule, t))
            .isFinite()
            .isLessThanOrEqualTo(Math.log(schedule.beta(t)));
      }
      assertThat(FixedVariance.BETA.at(schedule, t)).isPositive();
    }
  }

  @Test
  void numbers_everyNumberOfStepsToAHundred_areFinite() {
    for (int steps = 1; steps <= 100; steps++) {
      NoiseSchedule schedule = schedule(steps);
      for (int t = 1; t <= steps; t++) {
        assertThat(schedule.betaTilde(t)).isFinite();
        assertThat(schedule.logBetaTildeClipped(t)).isFinite();
        assertThat(schedule.snr(t)).isFinite();
        assertThat(schedule.sqrtOneMinusAlphaBar(t)).isPositive().isLessThanOrEqualTo(1);
      }
      assertThat(PriorGap.of(schedule).largestBitsPerDimension()).isFinite().isNotNegative();
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
      assertThat(schedule.level(t)).isEqualTo(new NoiseLevel(t, signal, noise));
    }
  }

  /** 1 − ᾱ by the recursion of the merged variance, in which nothing cancels out. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void oneMinusAlphaBar_everyStep_isRightToRounding(int steps) {
    NoiseSchedule schedule = schedule(steps);

    double exact = 0;
    for (int t = 1; t <= steps; t++) {
      exact = exact * schedule.alpha(t) + schedule.beta(t);
      double noise = schedule.sqrtOneMinusAlphaBar(t);
      assertThat(noise * noise).isCloseTo(exact, withinPercentage(rounding(schedule)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void snr_fromCleanToNoise_fallsFromInfinity(int steps) {
    NoiseSchedule schedule = schedule(steps);

    assertThat(schedule.snr(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(schedule.logSnr(0)).isEqualTo(Double.POSITIVE_INFINITY);
    for (int t = 1; t <= steps; t++) {
      assertThat(schedule.snr(t)).isFinite().isLessThan(schedule.snr(t - 1));
      assertThat(schedule.logSnr(t)).isLessThan(schedule.logSnr(t - 1));
      assertThat(Math.exp(schedule.logSnr(t))).isCloseTo(schedule.snr(t), withinPercentage(1e-11));
      if (t < steps || !endsWithoutSignal()) {
        assertThat(schedule.logSnr(t)).isFinite();
        assertThat(schedule.logSnr(t)).isCloseTo(2 * schedule.level(t).lambda(), within(1e-12));
      }
    }
    assertThat(schedule.logSnr(steps) == Double.NEGATIVE_INFINITY).isEqualTo(endsWithoutSignal());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void posterior_everyStep_sharesOutBetweenImageAndNoise(int steps) {
    NoiseSchedule schedule = schedule(steps);
    Posterior posterior = new Posterior(schedule);

    for (int t = 1; t <= steps; t++) {
      double fromX0 = posterior.x0Coefficient(t);
      double fromXt = posterior.xtCoefficient(t);
      // With xₜ = √ᾱₜ x₀, without any noise, the mean is √ᾱ₍t−1₎ x₀.
      assertThat(fromX0 + fromXt * schedule.sqrtAlphaBar(t))
          .isCloseTo(schedule.sqrtAlphaBar(t - 1), withinPercentage(rounding(schedule)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000, 4000})
  void shortenedTo_anyLength_isASchedule(int steps) {
    NoiseSchedule schedule = schedule(steps);

    for (int length : new int[] {1, 2, 7, 50, steps}) {
      if (length <= steps) {
        SubSequence tau = SubSequence.linspace(steps, length);
        NoiseSchedule shortened = schedule.shortenedTo(tau);
        assertThat(shortened.alphaBar(length)).isEqualTo(schedule.alphaBar(steps));
        for (int s = 1; s <= length; s++) {
          assertThat(shortened.beta(s)).isPositive().isLessThanOrEqualTo(1);
          assertThat(shortened.betaTilde(s)).isFinite().isBetween(0.0, shortened.beta(s));
        }
      }
    }
  }

  /** The percentage by which 1 − ᾱ may be off, which is a difference of nearly equal numbers. */
  private static double rounding(NoiseSchedule schedule) {
    return 100 * (2e-16 / schedule.beta(1) + schedule.steps() * 4e-16);
  }
}
