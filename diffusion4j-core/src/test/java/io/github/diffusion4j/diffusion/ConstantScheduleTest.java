package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ConstantScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return ConstantSchedule.of(steps, 0.02);
  }

  @Test
  void alphaBar_everyStep_isAPower() {
    for (int t = 0; t <= 1000; t++) {
      assertThat(schedule(1000).alphaBar(t)).isCloseTo(Math.pow(0.98, t), withinPercentage(1e-10));
    }
  }
}
