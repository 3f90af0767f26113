package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static io.github.diffusion4j.evaluation.GoldenMetrics.close;
import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.LinearAlgebra;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerics")
class FrechetDistanceTest {
  @ParameterizedTest
  @ValueSource(strings = {"full_rank_d16", "relu_like_d64", "singular_n20_d32", "identical_d16"})
  void between_goldenSets_equalsReference(String name) throws Exception {
    try (Scope scope = Scope.open()) {
      GoldenMetrics golden = GoldenMetrics.read();
      Features a = golden.features("fid/" + name + "/a");
      Features b = golden.features("fid/" + name + "/b");
      double expected = golden.number("fid", name, "fid_symmetric_eigh");

      assertThat(FrechetDistance.between(a, b)).isCloseTo(expected, close(expected));
      assertThat(FrechetDistance.between(b, a)).isCloseTo(expected, close(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full_rank_d16", "relu_like_d64", "singular_n20_d32", "identical_d16"})
  void of_goldenFeatures_equalsNumpyMeanAndCov(String name) throws Exception {
    try (Scope scope = Scope.open()) {
      GoldenMetrics golden = GoldenMetrics.read();
      for (String set : List.of("a", "b")) {
        GaussianStatistics ours = GaussianStatistics.of(golden.features("fid/" + name + "/" + set));

        assertNumbers(ours.mean().toDoubles())
            .areCloseTo(golden.tensor("fid/" + name + "/mu_" + set).toDoubles(), 1e-12);
        assertNumbers(ours.covariance().toDoubles())
            .areCloseTo(golden.tensor("fid/" + name + "/sigma_" + set).toDoubles(), 1e-12);
      }
    }
  }

  /** No root is taken of a rounding error, so singular covariances lose no digits. */
  @Test
  void between_fewerRowsThanFeatures_equalsSingularValuesOfTheSets() throws Exception {
    try (Scope scope = Scope.open()) {
      GoldenMetrics golden = GoldenMetrics.read();
      Features a = golden.features("fid/singular_n20_d32/a");
      Features b = golden.features("fid/singular_n20_d32/b");
      Tensor offA = a.rows().minus(a.rows().mean(0)).dividedBy(Math.sqrt(19));
      Tensor offB = b.rows().minus(b.rows().mean(0)).dividedBy(Math.sqrt(23));
      double means = a.rows().mean(0).minus(b.rows().mean(0)).square().sum().item();
      double traces = offA.square().sum().item() + offB.square().sum().item();
      double roots = LinearAlgebra.singularValues(offA.matmul(offB.permute(1, 0))).sum().item();

      assertThat(FrechetDistance.between(a, b))
          .isCloseTo(means + traces - 2 * roots, within(1e-11));
    }
  }

  @Test
  void between_bothSetsRotated_isTheSame() {
    try (Scope scope = Scope.open()) {
      Tensor a = Seed.of(1).normal(50, 6).to(DType.F64);
      Tensor b = Seed.of(2).uniform(70, 6).to(DType.F64);
      Tensor rotation = rotation(Seed.of(3), 6);

      double before = FrechetDistance.between(Features.of(a), Features.of(b));
      double after =
          FrechetDistance.between(Features.of(a.matmul(rotation)), Features.of(b.matmul(rotation)));
      assertThat(after).isCloseTo(before, within(1e-11));
    }
  }

  /** A scale c and a shift m move a set by |m|² + (c − 1)² tr Σ, if the mean was 0. */
  @Test
  void between_setAndItsImageUnderScaleAndShift_isClosedForm() {
    try (Scope scope = Scope.open()) {
      Tensor a = Seed.of(1).normal(40, 60).to(DType.F64);
      Tensor centered = a.minus(a.mean(0));
      double trace = centered.square().sum().item() / 39;

      assertThat(
              FrechetDistance.between(
                  Features.of(centered), Features.of(centered.times(1.5).plus(0.1))))
          .isCloseTo(60 * 0.01 + 0.25 * trace, within(1e-10));
    }
  }

  @Test
  void between_constantSets_isDistanceOfMeans() {
    try (Scope scope = Scope.open()) {
      Features a = Features.of(Tensor.full(1, 5, 3));
      Features b = Features.of(Tensor.full(3, 5, 3));
      assertThat(FrechetDistance.between(a, b)).isEqualTo(12);
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
      assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-10));
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
          .hasMessage("mean and covariance: a set has 1 samples; allowed: 2 or more");
    }
  }

  @Test
  void of_covarianceOfWrongLength_isRefused() {
    assertThatThrownBy(() -> GaussianStatistics.of(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a covariance of 3 numbers for a mean of 2; allowed: d · d for d ≥ 1");
  }

  @Test
  void of_numbersThatAreNotFinite_areRefusedByIndex() {
    assertThatThrownBy(() -> GaussianStatistics.of(new double[2], new double[] {1, 0, 0, NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number 3 (from 0 on) of the covariance is NaN; allowed: finite numbers");
  }

  @Test
  void warning_notMoreSamplesThanFeatures_isGiven() {
    try (Scope scope = Scope.open()) {
      assertThat(GaussianStatistics.of(Seed.of(1).normal(8, 8)).warning())
          .hasValue(
              "8 samples of 8 features: the covariance is singular, and distances are far too large");
      assertThat(GaussianStatistics.of(Seed.of(1).normal(9, 8)).warning()).isEmpty();
      assertThat(GaussianStatistics.of(new double[1], new double[1]).warning()).isEmpty();
    }
  }

  /** Each sample has a direction of its own, and the derivative by its weight says too little. */
  @Test
  void estimate_notMoreSamplesThanFeatures_hasNoInterval() {
    try (Scope scope = Scope.open()) {
      GaussianStatistics reference = GaussianStatistics.of(Seed.of(1).normal(30, 8));
      Features eight = Features.of(Seed.of(2).normal(8, 8));

      IntervalEstimate few = FrechetDistance.estimate(eight, reference);

      assertThat(few.value())
          .isEqualTo(FrechetDistance.between(GaussianStatistics.of(eight), reference));
      assertThat(few.interval()).isEmpty();
      assertThat(few.how()).isEqualTo("no interval: 8 samples of 8 features");
      Features nine = Features.of(Seed.of(2).normal(9, 8));
      assertThat(FrechetDistance.estimate(nine, reference).interval()).isPresent();
    }
  }

  @Test
  void of_featuresThatVaryTogetherMoreThanAlone_areRefused() {
    assertThatThrownBy(() -> GaussianStatistics.of(new double[2], new double[] {1, 5, 5, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "entry [1, 0] of the covariance is 5.0 between variances 1.0 and 1.0; allowed: up to the root of their product");
  }

  /** Each pair may be, but the first and the last cannot be opposite where both follow a third. */
  @Test
  void between_eigenvaluesBelowZero_areRefused() {
    GaussianStatistics impossible =
        GaussianStatistics.of(
            new double[3], new double[] {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1});
    GaussianStatistics other =
        GaussianStatistics.of(new double[3], new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});

    assertThatThrownBy(() -> FrechetDistance.between(other, impossible))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "the covariance has eigenvalues below 0, which add up to -0\\.[78]\\d* where all add up to 3\\.0; allowed: 0 or more");
  }

  /** An orthogonal matrix: the eigenvectors of a random symmetric one, by a full-rank factor. */
  private static Tensor rotation(Seed seed, int size) {
    Tensor random = seed.normal(size, size).to(DType.F64);
    Tensor factor = LinearAlgebra.symmetricFactor(random.matmul(random.permute(1, 0)));
    return factor.dividedBy(factor.square().sum(0).sqrt());
  }
}
