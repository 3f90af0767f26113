package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaximumMeanDiscrepancyTest {
  private static final List<Double> BANDWIDTHS = List.of(0.3, 1.0);
  private static final MaximumMeanDiscrepancy MMD = new MaximumMeanDiscrepancy(BANDWIDTHS);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void squared_fewPoints_isTheSumWrittenOut() {
    Tensor a = Seed.of(1).normal(7, 2);
    Tensor b = Seed.of(2).normal(7, 2).plus(0.5);
    double sum = 0;
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 7; j++) {
        if (i != j) {
          sum += kernel(a, i, a, j) + kernel(b, i, b, j) - kernel(a, i, b, j) - kernel(a, j, b, i);
        }
      }
    }

    assertThat(MMD.squared(a, b).value()).isCloseTo(sum / 42, within(1e-12));
  }

  @Test
  void squared_moreThanOneBlockOfRows_isTheSumOverAllPairs() {
    Tensor a = Seed.of(1).normal(403, 1);
    Tensor b = Seed.of(2).uniform(403, 1);
    double[] x = a.toDoubles();
    double[] y = b.toDoubles();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        if (i != j) {
          sum += k(x[i] - x[j]) + k(y[i] - y[j]) - k(x[i] - y[j]) - k(x[j] - y[i]);
        }
      }
    }

    assertThat(MMD.squared(a, b).value()).isCloseTo(sum / (403.0 * 402), within(1e-9));
  }

  /** For round Gaussians the mean of the kernel is an integral of Gaussians. */
  @ParameterizedTest
  @CsvSource({"0.0, 1.0", "0.4, 1.0", "0.0, 0.5", "1.0, 0.3"})
  void squared_samplesOfGaussians_areNearTheClosedForm(double shift, double scale) {
    Tensor a = Seed.of(3).normal(3000, 2);
    Tensor b = Seed.of(4).normal(3000, 2).times(scale).plus(shift);
    double expected = 0;
    for (double s : BANDWIDTHS) {
      double same = meanKernel(s, 2, 0);
      double other = meanKernel(s, 2 * scale * scale, 0);
      double cross = meanKernel(s, 1 + scale * scale, 2 * shift * shift);
      expected += (same + other - 2 * cross) / BANDWIDTHS.size();
    }

    Measured measured = MMD.squared(a, b);

    assertThat(measured.value()).isCloseTo(expected, within(4 * measured.standardError()));
    assertThat(measured.standardError()).isLessThan(0.01);
  }

  /** Over many pairs of sets of one law, the mean is 0 and the spread is the stated error. */
  @Test
  void squared_setsOfOneLaw_isUnbiasedWithTheStatedError() {
    int repeats = 400;
    double sum = 0;
    double squares = 0;
    double stated = 0;
    for (int i = 0; i < repeats; i++) {
      try (Scope each = Scope.open()) {
        Measured measured =
            MMD.squared(Seed.of(2L * i).normal(60, 2), Seed.of(2L * i + 1).normal(60, 2));
        sum += measured.value() / repeats;
        squares += measured.value() * measured.value() / repeats;
        stated += measured.standardError() * measured.standardError() / repeats;
      }
    }

    assertThat(sum).isCloseTo(0, within(3 * Math.sqrt(squares / repeats)));
    assertThat(Math.sqrt(stated / squares)).isBetween(0.8, 1.3);
  }

  @Test
  void standardError_setsOfDifferentLaws_isTheSpread() {
    int repeats = 200;
    double sum = 0;
    double squares = 0;
    double stated = 0;
    for (int i = 0; i < repeats; i++) {
      try (Scope each = Scope.open()) {
        Measured measured =
            MMD.squared(Seed.of(2L * i).normal(100, 2), Seed.of(2L * i + 1).normal(100, 2).plus(1));
        sum += measured.value() / repeats;
        squares += measured.value() * measured.value() / repeats;
        stated += measured.standardError() * measured.standardError() / repeats;
      }
    }

    assertThat(Math.sqrt(stated / (squares - sum * sum))).isBetween(0.8, 1.25);
  }

  @Test
  void wrongArguments_areRefused() {
    assertThatThrownBy(() -> MMD.squared(Tensor.zeros(3, 2), Tensor.zeros(3, 1)))
        .hasMessageStartingWith("the sets are [3, 2] and [3, 1]");
    assertThatThrownBy(() -> new MaximumMeanDiscrepancy(List.of()))
        .hasMessage("bandwidths are []; allowed: one or more, above 0");
    assertThatThrownBy(() -> new MaximumMeanDiscrepancy(List.of(1.0, 0.0)))
        .hasMessageContaining("above 0");
  }

  /** E k(x, y) in the plane for x − y normal with this variance in each number. */
  private static double meanKernel(double s, double variance, double squaredShift) {
    double total = s * s + variance;
    return s * s / total * Math.exp(-squaredShift / (2 * total));
  }

  private static double kernel(Tensor a, int i, Tensor b, int j) {
    double[] x = a.toDoubles();
    double[] y = b.toDoubles();
    return k(Math.hypot(x[2 * i] - y[2 * j], x[2 * i + 1] - y[2 * j + 1]));
  }

  private static double k(double distance) {
    double sum = 0;
    for (double s : BANDWIDTHS) {
      sum += Math.exp(-distance * distance / (2 * s * s)) / BANDWIDTHS.size();
    }
    return sum;
  }
}
