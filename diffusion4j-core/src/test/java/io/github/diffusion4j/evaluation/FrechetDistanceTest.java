package io.github.diffusion4j.evaluation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrechetDistanceTest {
  private static final double RELATIVE_PERCENT = 1e-6;

  @ParameterizedTest
  @CsvSource({"full_rank_d16, 12.301402160223407", "singular_n20_d32, 41.093823404364464"})
  void between_goldenSets_equalsReference(String name, double expected) throws Exception {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> golden = golden();
      GaussianStatistics a =
          GaussianStatistics.of(requireNonNull(golden.get("fid/" + name + "/a")));
      GaussianStatistics b =
          GaussianStatistics.of(requireNonNull(golden.get("fid/" + name + "/b")));

      assertThat(FrechetDistance.between(a, b))
          .isCloseTo(expected, withinPercentage(RELATIVE_PERCENT));
      assertThat(FrechetDistance.between(b, a))
          .isCloseTo(expected, withinPercentage(RELATIVE_PERCENT));
    }
  }

  @ParameterizedTest
  @CsvSource({"full_rank_d16", "singular_n20_d32"})
  void of_goldenFeatures_equalsNumpyMeanAndCov(String name) throws Exception {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> golden = golden();
      GaussianStatistics a =
          GaussianStatistics.of(requireNonNull(golden.get("fid/" + name + "/a")));

      assertThat(a.mean().toDoubles())
          .containsExactly(
              requireNonNull(golden.get("fid/" + name + "/mu_a")).toDoubles(), within(1e-12));
      assertThat(a.covariance().toDoubles())
          .containsExactly(
              requireNonNull(golden.get("fid/" + name + "/sigma_a")).toDoubles(), within(1e-12));
    }
  }

  @Test
  void between_sameSet_isZero() {
    try (Scope scope = Scope.open()) {
      GaussianStatistics a = GaussianStatistics.of(Seed.of(1).normal(200, 16));
      assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-10));
    }
  }

  @Test
  void between_sameSetWithFewerRowsThanFeatures_isZero() {
    try (Scope scope = Scope.open()) {
      GaussianStatistics a = GaussianStatistics.of(Seed.of(1).normal(10, 40));
      assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void between_diagonalGaussians_isSumOfSquaredDifferencesOfDeviations() {
    GaussianStatistics a = GaussianStatistics.of(new double[] {1, 2}, new double[] {4, 0, 0, 9});
    GaussianStatistics b = GaussianStatistics.of(new double[] {3, 5}, new double[] {1, 0, 0, 25});

    // (1−3)² + (2−5)² + (2−1)² + (3−5)²
    assertThat(FrechetDistance.between(a, b)).isCloseTo(18, within(1e-12));
  }

  @Test
  void between_pointMassAndGaussian_isTraceOfCovarianceAndDistanceOfMeans() {
    GaussianStatistics a = GaussianStatistics.of(new double[] {0, 0}, new double[4]);
    GaussianStatistics b =
        GaussianStatistics.of(new double[] {3, 4}, new double[] {2, 0.5, 0.5, 1});

    assertThat(FrechetDistance.between(a, b)).isCloseTo(25 + 3, within(1e-12));
  }

  @Test
  void between_covariancesThatDoNotCommute_equalsClosedFormOfTwoByTwo() {
    GaussianStatistics a = GaussianStatistics.of(new double[2], new double[] {2, 1, 1, 2});
    GaussianStatistics b = GaussianStatistics.of(new double[2], new double[] {5, 0, 0, 1});

    // tr √M = √(tr M + 2 √det M) for 2 × 2; tr(Σ₁Σ₂) = 12, det(Σ₁Σ₂) = 15
    double expected = 4 + 6 - 2 * Math.sqrt(12 + 2 * Math.sqrt(15));
    assertThat(FrechetDistance.between(a, b)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void between_differentDimensions_isRefused() {
    GaussianStatistics a = GaussianStatistics.of(new double[1], new double[1]);
    GaussianStatistics b = GaussianStatistics.of(new double[2], new double[4]);

    assertThatThrownBy(() -> FrechetDistance.between(a, b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features of dimension 1 and 2; allowed: the same dimension");
  }

  @Test
  void of_oneRow_isRefused() {
    try (Scope scope = Scope.open()) {
      Tensor one = Tensor.zeros(1, 3);
      assertThatThrownBy(() -> GaussianStatistics.of(one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("features are F32[1, 3]; allowed: [n, d] with n ≥ 2 and d ≥ 1");
    }
  }

  @Test
  void of_covarianceOfWrongLength_isRefused() {
    assertThatThrownBy(() -> GaussianStatistics.of(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a covariance of 3 numbers for a mean of 2; allowed: d · d for d ≥ 1");
  }

  private static Map<String, Tensor> golden() throws IOException, URISyntaxException {
    return Safetensors.read(
        Path.of(
            FrechetDistanceTest.class.getResource("/golden/frechet/cases.safetensors").toURI()));
  }
}
