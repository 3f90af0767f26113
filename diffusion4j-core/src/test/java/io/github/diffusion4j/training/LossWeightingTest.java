package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossWeightingTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.ddpm();

  /** Whatever is predicted, an error of x̂₀ costs the same: min(SNR, γ) times its square. */
  @ParameterizedTest
  @EnumSource
  void minSnr_anyPrediction_weighsTheErrorOfTheImageAlike(Prediction prediction) {
    LossWeighting weighting = new LossWeighting.MinSnr(SCHEDULE, prediction, 5);
    ForwardProcess process = new ForwardProcess(SCHEDULE);
    for (int t : new int[] {1, 50, 300, 1000}) {
      try (Scope scope = Scope.open()) {
        Tensor xt = Tensor.zeros(DType.F64, 1, 1);
        Tensor one = Tensor.of(new double[] {1}, 1, 1);
        int[] times = {t};
        double errorOfImage =
            prediction
                .x0Hat(process, xt, times, one)
                .minus(prediction.x0Hat(process, xt, times, Tensor.zeros(DType.F64, 1, 1)))
                .square()
                .item();

        double expected = Math.min(SCHEDULE.snr(t), 5) * errorOfImage;
        assertThat(weighting.weight(t)).isCloseTo(expected, within(1e-9 * expected));
      }
    }
  }

  @Test
  void uniform_anyTime_isOne() {
    assertThat(new LossWeighting.Uniform().weight(1)).isEqualTo(1);
    assertThat(new LossWeighting.Uniform().weight(1000)).isEqualTo(1);
  }
}
