package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrechetExtrapolationTest {
  private static final int DIMENSION = 12;

  @Test
  void through_pointsOnALine_isThatLine() {
    FrechetExtrapolation.Line line =
        FrechetExtrapolation.Line.through(
            List.of(100, 200, 500), List.of(-3 + 50 / 100.0, -3 + 50 / 200.0, -3 + 50 / 500.0));

    assertThat(line.atInfinity()).isCloseTo(-3, within(1e-12));
    assertThat(line.slope()).isCloseTo(50, within(1e-10));
  }

  /**
   * Samples of the real law itself: the distance is 0 but for their number. To first order it is (D
   * + D (D + 1) / 4) / N: D variances of a mean, and a covariance with an error of its own.
   */
  @Test
  void between_samplesOfTheSameLaw_isNearZeroWithTheKnownSlope() {
    try (Scope scope = Scope.open()) {
      Features generated = Features.of(Seed.of(1).normal(20_000, DIMENSION));

      FrechetExtrapolation.Line line =
          new FrechetExtrapolation(200, 40).between(standardNormal(), generated, Seed.of(2));

      double slope = DIMENSION + DIMENSION * (DIMENSION + 1) / 4.0;
      assertThat(line.slope()).isCloseTo(slope, within(0.2 * slope));
      double atAll = line.distances().get(39);
      assertThat(line.sizes()).startsWith(200).endsWith(20_000).isSorted();
      assertThat(line.distances().get(0)).isGreaterThan(20 * atAll);
      assertThat(Math.abs(line.atInfinity())).isLessThan(atAll);
    }
  }

  @Test
  void between_shiftedLaw_isTheDistanceOfTheLaws() {
    try (Scope scope = Scope.open()) {
      Features generated = Features.of(Seed.of(1).normal(20_000, DIMENSION).plus(0.5));

      FrechetExtrapolation.Line line =
          new FrechetExtrapolation(1000, 20).between(standardNormal(), generated, Seed.of(2));

      assertThat(line.atInfinity()).isCloseTo(DIMENSION * 0.25, within(0.06));
    }
  }

  @Test
  void between_setsThatDoNotFit_areRefused() {
    try (Scope scope = Scope.open()) {
      Features few = Features.of(Tensor.zeros(5002, DIMENSION));
      Features other = Features.of(Tensor.zeros(5, 1));

      assertThatThrownBy(
              () -> FrechetExtrapolation.USUAL.between(standardNormal(), few, Seed.of(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("15 sizes from 5000 on: a set has 5002 samples; allowed: 5014 or more");
      assertThatThrownBy(
              () -> FrechetExtrapolation.USUAL.between(standardNormal(), other, Seed.of(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("features of dimension 12 and 1; allowed: the same dimension");
      assertThatThrownBy(
              () ->
                  new FrechetExtrapolation(DIMENSION, 5).between(standardNormal(), few, Seed.of(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the distance at infinity: subsets from 12 samples on, of 12 features, do not lie on a line; allowed: subsets of more samples than features");
      assertThatThrownBy(() -> new FrechetExtrapolation(5, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1 sizes from 5 on; allowed: 2 or more from 2 or more on");
    }
  }

  private static GaussianStatistics standardNormal() {
    double[] covariance = new double[DIMENSION * DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      covariance[i * DIMENSION + i] = 1;
    }
    return GaussianStatistics.of(new double[DIMENSION], covariance);
  }
}
