package io.github.diffusion4j.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class LucidObjectiveTest {
  private static final double GAMMA = 5;

  @Test
  void of_weightsOfEachObjective_isTheObjective() {
    for (NoiseSchedule schedule :
        List.of(SigmoidSchedule.of(1000), CosineSchedule.of(1000), LinearSchedule.ddpm())) {
      assertThat(of(schedule, snr -> 1)).contains(LucidObjective.PRED_NOISE);
      assertThat(of(schedule, snr -> snr)).contains(LucidObjective.PRED_X0);
      assertThat(of(schedule, snr -> snr / (1 + snr))).contains(LucidObjective.PRED_V);
    }
  }

  @Test
  void of_weightsWithLimitedSnr_isTheObjective() {
    NoiseSchedule schedule = SigmoidSchedule.of(1000);

    assertThat(of(schedule, snr -> Math.min(snr, GAMMA) / snr)).contains(LucidObjective.PRED_NOISE);
    assertThat(of(schedule, snr -> Math.min(snr, GAMMA))).contains(LucidObjective.PRED_X0);
    assertThat(of(schedule, snr -> Math.min(snr, GAMMA) / (1 + snr)))
        .contains(LucidObjective.PRED_V);
  }

  /** Releases 1.5.0 to 1.5.2 held the SNR from below. */
  @Test
  void of_weightsOfNoObjective_isNothing() {
    NoiseSchedule schedule = SigmoidSchedule.of(1000);

    assertThat(of(schedule, snr -> Math.max(snr, GAMMA) / snr)).isEmpty();
    assertThat(LucidObjective.of(new float[] {1}, new float[] {0.1f, 0.2f})).isEmpty();
  }

  @Test
  void of_scheduleThatStaysNearTheImage_isNothing() {
    assertThat(LucidObjective.of(new float[] {1}, new float[] {0.1f})).isEmpty();
  }

  private static Optional<LucidObjective> of(NoiseSchedule schedule, DoubleUnaryOperator weight) {
    float[] betas = new float[schedule.steps()];
    float[] weights = new float[schedule.steps()];
    for (int t = 1; t <= betas.length; t++) {
      betas[t - 1] = (float) schedule.beta(t);
      weights[t - 1] = (float) weight.applyAsDouble(schedule.snr(t));
    }
    return LucidObjective.of(weights, betas);
  }
}
