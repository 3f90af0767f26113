package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class CosineScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return CosineSchedule.of(steps);
  }

  @Test
  void of_thousandSteps_equalsGoldenTable() {
    GoldenSchedules.assertEqual(schedule(1000), "squaredcos_cap_v2");
  }

  @Test
  void of_thousandAndFourThousandSteps_hasKnownValues() {
    assertThat(schedule(1000).beta(1)).isCloseTo(4.128422482e-05, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(501)).isCloseTo(.4922851724, withinPercentage(1e-7));
    assertThat(schedule(1000).beta(1000)).isEqualTo(.999);
    assertThat(schedule(1000).alphaBar(1000)).isCloseTo(2.428766907e-09, withinPercentage(1e-7));
    assertThat(schedule(4000).beta(1)).isCloseTo(9.865818814e-06, withinPercentage(1e-7));
    assertThat(schedule(4000).alphaBar(2001)).isCloseTo(.4934539797, withinPercentage(1e-7));
    assertThat(schedule(4000).alphaBar(4000)).isCloseTo(1.517980469e-10, withinPercentage(1e-7));
  }
}
