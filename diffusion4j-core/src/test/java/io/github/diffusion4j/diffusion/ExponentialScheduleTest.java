package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ExponentialScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return ExponentialSchedule.of(steps);
  }

  @Test
  void alphaBar_everyStep_isExponential() {
    for (int t = 0; t <= 1000; t++) {
      assertThat(schedule(1000).alphaBar(t))
          .isCloseTo(Math.exp(-12 * t / 1000.0), withinPercentage(1e-10));
    }
  }

  @Test
  void beta_everyStep_isThatOfDiffusers() {
    // 1 − ᾱ((i + 1) / T) / ᾱ(i / T) with ᾱ(u) = exp(−12 u), evaluated in double precision.
    assertThat(schedule(1000).betas()).containsOnly(-Math.expm1(-0.012));
    assertThat(schedule(1000).beta(1)).isCloseTo(0.011928287138069482, withinPercentage(1e-10));
    assertThat(schedule(1).beta(1)).isEqualTo(0.999);
  }

  @Test
  void of_rateOfZero_namesTheRule() {
    assertThatThrownBy(() -> ExponentialSchedule.of(10, 0))
        .hasMessage("rate is 0.0; allowed: a number above 0");
  }
}
