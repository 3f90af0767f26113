package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pure noise and pure image, where one of the two unknowns may be out of reach. */
class PredictionAtTheEndsTest {
  private static final NoiseLevel PURE_NOISE = new NoiseLevel(1000, 0, 1);

  @ParameterizedTest
  @EnumSource
  void estimates_ofPureNoise_areFiniteAndTheNoiseIsXt(Predictions kind) {
    try (Scope scope = Scope.open()) {
      Tensor xt = Tensor.of(new double[] {1, -2, 0.5}, 1, 3);
      Tensor output = Tensor.of(new double[] {0.3, 0.4, -0.6}, 1, 3);
      BatchLevels levels = BatchLevels.same(PURE_NOISE, xt);

      Tensor epsilonHat = kind.get().epsilonHat(xt, output, levels);
      for (double estimate : kind.get().x0Hat(xt, output, levels).toDoubles()) {
        assertThat(estimate).isFinite();
      }
      if (kind != Predictions.PREVIOUS) { // whose schedule does not end with this level
        assertThat(epsilonHat.toDoubles()).containsExactly(1, -2, 0.5);
      }
    }
  }

  @Test
  void x0Hat_ofPureNoiseByEpsilon_isTheMiddleOfTheRange() {
    try (Scope scope = Scope.open()) {
      Tensor xt = Tensor.of(new double[] {1, -2}, 2, 1);
      Tensor output = Tensor.of(new double[] {0.9, -2}, 2, 1);
      BatchLevels levels = BatchLevels.at(JsdSchedule.of(10), 10, 10);

      assertNumbers(Prediction.EPSILON.x0Hat(xt, output, levels).toDoubles())
          .areCloseTo(new double[] {0, 0}, 0.0);
      assertNumbers(Prediction.SCORE.x0Hat(xt, output, levels).toDoubles())
          .areCloseTo(new double[] {0, 0}, 0.0);
    }
  }

  @Test
  void estimates_ofThePureImageByX0_areTheImageAndNoNoise() {
    try (Scope scope = Scope.open()) {
      Tensor xt = Tensor.of(new double[] {1, -2}, 1, 2);
      Tensor output = Tensor.of(new double[] {0.9, -2.1}, 1, 2);
      BatchLevels levels = BatchLevels.same(NoiseLevel.CLEAN, xt);

      assertThat(Prediction.X0.x0Hat(xt, output, levels).toDoubles()).containsExactly(1, -2);
      assertNumbers(Prediction.X0.epsilonHat(xt, output, levels).toDoubles())
          .areCloseTo(new double[] {0, 0}, 0.0);
    }
  }
}
