package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class EmaTest {

  @Test
  void update_constantWeights_approachesThemGeometrically() {
    try (Scope scope = Scope.open()) {
      Tensor average = Tensor.zeros(DType.F64, 2);
      Tensor weights = Tensor.of(new double[] {1, -2}, 2);
      Ema ema = new Ema(average, weights, Ema.Decay.constant(0.9));
      for (int number = 1; number <= 30; number++) {
        ema.update(number);
      }

      double reached = 1 - Math.pow(0.9, 30);
      assertNumbers(average.toDoubles()).areCloseTo(new double[] {reached, -2 * reached}, 1e-14);
      assertThat(weights.toDoubles()).containsExactly(1, -2);
    }
  }

  @Test
  void rising_decay_startsAtZeroAndEndsAtTheLargest() {
    Ema.Decay decay = Ema.Decay.rising(0.9999, 1, 0.75);

    assertThat(decay.at(1)).isZero();
    assertThat(decay.at(2)).isCloseTo(1 - Math.pow(2, -0.75), within(1e-15));
    assertThat(decay.at(100_000_000)).isEqualTo(0.9999);
  }
}
