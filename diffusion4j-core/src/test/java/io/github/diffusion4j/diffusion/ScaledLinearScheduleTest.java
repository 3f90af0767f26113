package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ScaledLinearScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return ScaledLinearSchedule.of(steps, 1e-4, 0.02);
  }

  @Test
  void of_thousandSteps_equalsGoldenTable() {
    GoldenSchedules.assertEqual(schedule(1000), "scaled_linear");
  }

  @Test
  void of_thousandSteps_hasKnownValues() {
    assertThat(schedule(1000).beta(501)).isCloseTo(.005742071068, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(501)).isCloseTo(.3312745795, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(1000)).isCloseTo(.0007334124596, withinPercentage(1e-7));
  }
}
