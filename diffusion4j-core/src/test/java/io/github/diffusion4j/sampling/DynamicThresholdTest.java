package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicThresholdTest {

  @Test
  void apply_imagesInRange_areLeftAlone() {
    double[] pixels = {-1, 0.5, 0.2, 1};
    assertNumbers(thresholded(new DynamicThreshold(0.9, 10), pixels)).areCloseTo(pixels, 1e-15);
  }

  @Test
  void apply_quantileOutside_clipsToItAndScales() {
    // The median of 0, 1, 2, 3, 10 is 2.
    assertNumbers(thresholded(new DynamicThreshold(0.5, 10), 0, -1, 2, 3, -10))
        .areCloseTo(new double[] {0, -0.5, 1, 1, -1}, 1e-15);
  }

  @Test
  void apply_quantileAboveTheMost_usesTheMost() {
    assertNumbers(thresholded(new DynamicThreshold(1, 4), 0, -1, 2, 3, -10))
        .areCloseTo(new double[] {0, -0.25, 0.5, 0.75, -1}, 1e-15);
  }

  @Test
  void apply_batch_treatsEachImageAlone() {
    try (Scope scope = Scope.open()) {
      Tensor two = Tensor.of(new double[] {0.1, 0.5, 3, 6}, 2, 1, 1, 2);

      assertNumbers(new DynamicThreshold(1, 10).apply(two).toDoubles())
          .areCloseTo(new double[] {0.1, 0.5, 0.5, 1}, 1e-15);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1.1, 1", "NaN, 1", "0.5, 0"})
  void constructor_outsideRange_isRefused(double ratio, double most) {
    assertThatThrownBy(() -> new DynamicThreshold(ratio, most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: ");
  }

  private static double[] thresholded(DynamicThreshold threshold, double... pixels) {
    try (Scope scope = Scope.open()) {
      return threshold.apply(Tensor.of(pixels, 1, 1, 1, pixels.length)).toDoubles();
    }
  }
}
