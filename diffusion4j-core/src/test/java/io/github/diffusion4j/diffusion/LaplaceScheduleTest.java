package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LaplaceScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return LaplaceSchedule.of(steps);
  }

  @Nested
  class OfDiffusers extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return LaplaceSchedule.ofDiffusers(steps);
    }
  }

  /** With t drawn uniformly, P(log SNR < λ) is the distribution function of Laplace at λ. */
  @Test
  void logSnr_overTheSteps_hasALaplaceDistribution() {
    double mean = 0.4;
    double scale = 0.7;
    int steps = 1000;
    NoiseSchedule schedule = LaplaceSchedule.of(steps, mean, scale);

    for (int t = 1; t < steps; t++) {
      double x = (schedule.logSnr(t) - mean) / scale;
      double below = x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2;
      assertThat(below).isCloseTo(1 - (double) t / steps, within(1e-11));
    }
  }

  @Test
  void alphaBar_scaleOfOneHalf_isItsClosedForm() {
    NoiseSchedule schedule = schedule(1000);

    assertThat(schedule.alphaBar(500)).isCloseTo(0.5, within(1e-13));
    assertThat(schedule.alphaBar(250)).isCloseTo(1 / (1 + Math.sqrt(0.5)), within(1e-13));
    assertThat(schedule.beta(1000)).isEqualTo(0.999);
  }

  @Test
  void ofDiffusers_takesTheRootForTheShare() {
    // Computed in double precision by the formula of diffusers v0.40.0.
    NoiseSchedule schedule = LaplaceSchedule.ofDiffusers(1000);

    assertThat(schedule.beta(1)).isCloseTo(0.021153757200412016, withinPercentage(1e-9));
    assertThat(schedule.beta(500)).isCloseTo(0.0002501562265064816, withinPercentage(1e-9));
    assertThat(schedule.beta(1000)).isCloseTo(0.8472526270584196, withinPercentage(1e-9));
    assertThat(schedule.sqrtAlphaBar(1000)).isCloseTo(0.17782794100389232, withinPercentage(1e-9));
  }

  @Test
  void of_scaleOfZero_namesTheRule() {
    assertThatThrownBy(() -> LaplaceSchedule.of(10, 0, 0))
        .hasMessage("scale is 0.0; allowed: a number above 0");
  }
}
