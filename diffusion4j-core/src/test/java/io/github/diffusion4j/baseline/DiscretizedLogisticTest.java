package io.github.diffusion4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscretizedLogisticTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** The 256 values that a pixel can have. */
  private static Tensor values() {
    double[] values = new double[256];
    for (int i = 0; i < 256; i++) {
      values[i] = i / 127.5 - 1;
    }
    return Tensor.of(values, 256);
  }

  private static double[] logMasses(double mean, double logScale) {
    Tensor one = Tensor.of(new double[] {mean}, 1);
    return new DiscretizedLogistic(one, Tensor.of(new double[] {logScale}, 1))
        .logProbability(values())
        .toDoubles();
  }

  @Test
  void masses_ofAllValues_addUpToOne() {
    for (double mean : new double[] {-3, -1, -0.37, 0, 0.5, 1, 40}) {
      for (double logScale : new double[] {-7, -4, -1, 0, 3}) {
        double sum = 0;
        for (double logMass : logMasses(mean, logScale)) {
          assertThat(logMass).isLessThanOrEqualTo(1e-12).isGreaterThan(-1e6);
          sum += Math.exp(logMass);
        }
        assertThat(sum).as("mean %s, ln scale %s", mean, logScale).isCloseTo(1, within(1e-12));
      }
    }
  }

  @Test
  void mass_ofOneValue_isTheDifferenceOfTheDistribution() {
    double mean = 0.2;
    double scale = 0.1;
    double x = 150 / 127.5 - 1;
    double expected =
        1 / (1 + Math.exp(-(x + 1.0 / 255 - mean) / scale))
            - 1 / (1 + Math.exp(-(x - 1.0 / 255 - mean) / scale));

    assertThat(Math.exp(logMasses(mean, Math.log(scale))[150]))
        .isCloseTo(expected, withinPercentage(1e-9));
  }

  /** Where a difference of two numbers near 1 has no digits left, in 32 bits too. */
  @Test
  void mass_farInTheTail_keepsItsDigits() {
    Tensor mean = Tensor.of(new float[] {-0.9f}, 1);
    Tensor logScale = Tensor.of(new float[] {(float) Math.log(0.01)}, 1);
    Tensor x = Tensor.of(new float[] {(float) (200 / 127.5 - 1)}, 1);
    double z = (200 / 127.5 - 1 + 0.9) / 0.01;
    double half = 1 / 255.0 / 0.01;
    double expected = -z + Math.log(Math.exp(half) - Math.exp(-half));

    assertThat(new DiscretizedLogistic(mean, logScale).logProbability(x).item())
        .isCloseTo(expected, withinPercentage(1e-3));
  }

  @Test
  void of_whatANetworkSays_isHalfMeansAndHalfScalesThatAreNotTooSmall() {
    Tensor output = Tensor.of(new float[] {0.5f, 2, -20, 1}, 1, 4, 1, 1);

    DiscretizedLogistic law = DiscretizedLogistic.of(output);

    assertThat(law.mean().toFloats()).containsExactly(0.5f, 2);
    assertThat(law.logScale().toFloats()).containsExactly(-7, 1);
    assertThat(law.median().toFloats()).containsExactly(0.5f, 1);
  }
}
