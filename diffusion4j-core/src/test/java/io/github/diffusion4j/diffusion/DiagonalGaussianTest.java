package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagonalGaussianTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static DiagonalGaussian gaussian(double mean, double logVariance) {
    return new DiagonalGaussian(
        Tensor.of(new double[] {mean}, 1), Tensor.of(new double[] {logVariance}, 1));
  }

  private static double density(double x, double mean, double variance) {
    double z = x - mean;
    return Math.exp(-z * z / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0.5, -1", "1, -2, -0.3, 0.4", "0.2, 1, 0.2, -1", "-1, 0.3, 2, 0.3"})
  void kl_equalsTheIntegralOfItsDefinition(
      double mean1, double logVariance1, double mean2, double logVariance2) {
    double deviation = Math.exp(logVariance1 / 2);
    double width = 24 * deviation / 20_000;
    double integral = 0;
    for (int i = 0; i <= 20_000; i++) {
      double x = mean1 - 12 * deviation + i * width;
      double p = density(x, mean1, Math.exp(logVariance1));
      double z1 = (x - mean1) * (x - mean1) * Math.exp(-logVariance1);
      double z2 = (x - mean2) * (x - mean2) * Math.exp(-logVariance2);
      integral += width * p * 0.5 * (z2 - z1 + logVariance2 - logVariance1);
    }

    double kl = gaussian(mean1, logVariance1).kl(gaussian(mean2, logVariance2)).item();

    assertThat(kl).isCloseTo(integral, within(1e-10));
  }

  @Test
  void kl_isZeroIfAndOnlyIfBothAreEqual() {
    double[] values = {-3, -0.5, 0, 0.7, 2};
    for (double mean : values) {
      for (double logVariance : values) {
        DiagonalGaussian p = gaussian(mean, logVariance);
        assertThat(p.kl(p).item()).isZero();
        assertThat(p.kl(gaussian(mean + 1e-3, logVariance)).item()).isPositive();
        assertThat(p.kl(gaussian(mean, logVariance + 1e-3)).item()).isPositive();
        assertThat(p.kl(gaussian(mean, logVariance - 1e-3)).item()).isPositive();
      }
    }
  }

  @Test
  void draw_hundredThousand_haveMeanAndVariance() {
    int count = 100_000;
    Tensor epsilon = Seed.of(4).normal(count).to(DType.F64);

    Tensor drawn = gaussian(0.3, Math.log(0.04)).draw(epsilon);

    double mean = drawn.mean().item();
    assertThat(mean).isCloseTo(0.3, within(3 * 0.2 / Math.sqrt(count)));
    // The standard error of a variance is √(2 / n) of it.
    assertThat(drawn.minus(mean).square().mean().item())
        .isCloseTo(0.04, withinPercentage(300 * Math.sqrt(2.0 / count)));
  }
}
