package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JsdScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return JsdSchedule.of(steps);
  }

  @Override
  boolean endsWithoutSignal() {
    return true;
  }

  @Test
  void alphaBar_everyStep_fallsLinearlyInTime() {
    for (int t = 0; t <= 1000; t++) {
      assertThat(schedule(1000).alphaBar(t)).isCloseTo(1 - t / 1000.0, within(1e-13));
    }
  }

  @Test
  void betas_fourSteps_areAQuarterToOne() {
    assertThat(schedule(4).betas()).containsExactly(0.25, 1.0 / 3, 0.5, 1);
  }

  @Test
  void betaTilde_everyStep_isItsClosedForm() {
    NoiseSchedule schedule = schedule(100);
    for (int t = 1; t <= 100; t++) {
      assertThat(schedule.betaTilde(t)).isCloseTo((t - 1.0) / t / (100 - t + 1), within(1e-14));
    }
  }
}
