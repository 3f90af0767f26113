package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SquaredSineScheduleTest {

  @Test
  void of_anyStep_isTheCurve() {
    NoiseSchedule schedule = SquaredSineSchedule.of(200);

    for (int t = 1; t <= 200; t++) {
      double noise = Math.pow(Math.sin(t * Math.PI / 400), 2);
      assertThat(schedule.sqrtOneMinusAlphaBar(t)).isCloseTo(noise, within(1e-7));
    }
    assertThat(schedule.alphaBar(200)).isZero();
  }

  @Test
  void level_anyPart_preservesTheVariance() {
    for (double u : new double[] {0, 1e-6, 0.3, 0.999, 1}) {
      NoiseLevel level = SquaredSineSchedule.level(u, u);
      assertThat(Math.hypot(level.signal(), level.noise())).isCloseTo(1, within(1e-15));
    }
    assertThat(SquaredSineSchedule.level(1, 1).signal()).isZero();
    assertThat(SquaredSineSchedule.level(0, 0).noise()).isZero();
  }
}
