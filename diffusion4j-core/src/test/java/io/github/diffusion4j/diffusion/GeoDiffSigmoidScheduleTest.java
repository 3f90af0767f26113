package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class GeoDiffSigmoidScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return GeoDiffSigmoidSchedule.of(steps, 1e-4, 0.02);
  }

  @Test
  void of_thousandSteps_equalsGoldenTable() {
    GoldenSchedules.assertEqual(schedule(1000), "sigmoid");
  }

  @Test
  void of_thousandSteps_hasKnownValues() {
    assertThat(schedule(1000).beta(1)).isCloseTo(.0001492052008, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(501)).isCloseTo(.2988876278, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(1000)).isCloseTo(3.968181991e-05, withinPercentage(1e-7));
  }
}
