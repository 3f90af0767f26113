package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WarmupScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return WarmupSchedule.warmup10(steps, 1e-4, 0.02);
  }

  @Nested
  class Warmup50 extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return WarmupSchedule.warmup50(steps, 1e-4, 0.02);
    }
  }

  @Test
  void warmup10_twentySteps_growsInTheFirstTwo() {
    double[] betas = WarmupSchedule.warmup10(20, 1e-4, 0.02).betas();

    assertThat(betas[0]).isEqualTo(1e-4);
    assertThat(Arrays.copyOfRange(betas, 1, 20)).containsOnly(0.02);
  }

  @Test
  void warmup50_sixSteps_isLinearThenConstant() {
    assertNumbers(WarmupSchedule.warmup50(6, 0.1, 0.3).betas())
        .areCloseTo(new double[] {0.1, 0.2, 0.3, 0.3, 0.3, 0.3}, 1e-15);
  }

  @Test
  void of_wholeAndNoShare_isLinearAndConstant() {
    assertThat(WarmupSchedule.of(100, 1e-4, 0.02, 1)).isEqualTo(LinearSchedule.of(100, 1e-4, 0.02));
    assertThat(WarmupSchedule.of(100, 1e-4, 0.02, 0)).isEqualTo(ConstantSchedule.of(100, 0.02));
  }

  @Test
  void of_shareAboveOne_namesTheRule() {
    assertThatThrownBy(() -> WarmupSchedule.of(10, 0.1, 0.2, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("share is 1.5; allowed: 0…1");
  }
}
