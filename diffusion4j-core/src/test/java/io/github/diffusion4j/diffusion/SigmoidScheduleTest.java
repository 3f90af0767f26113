package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class SigmoidScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return SigmoidSchedule.of(steps);
  }

  @Test
  void of_thousandSteps_hasKnownValues() {
    assertThat(schedule(1000).beta(1)).isCloseTo(.0003002791997, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(501)).isCloseTo(.4983428179, withinPercentage(1e-7));
    assertThat(schedule(1000).alphaBar(1000)).isCloseTo(3.002791997e-07, withinPercentage(1e-7));
  }
}
