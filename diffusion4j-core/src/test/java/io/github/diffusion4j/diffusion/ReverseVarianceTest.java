package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Learned and analytic variances; the fixed ones have their tests with the schedules. */
class ReverseVarianceTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static double[] log(ReverseVariance variance, NoiseSchedule schedule, double output) {
    int[] t = IntStream.rangeClosed(1, schedule.steps()).toArray();
    Tensor x = Tensor.zeros(DType.F64, t.length, 1);
    return variance
        .log(schedule, BatchLevels.at(schedule, t), x, Optional.of(x.plus(output)))
        .toDoubles();
  }

  @Test
  void learnedRange_ends_areBetaTildeAndBeta() {
    for (NoiseSchedule schedule :
        List.of(DDPM, DDPM.shortenedTo(SubSequence.trailing(1000, 7)), CosineSchedule.of(50))) {
      double[] least = log(LearnedVariance.LEARNED_RANGE, schedule, -1);
      double[] middle = log(LearnedVariance.LEARNED_RANGE, schedule, 0);
      double[] most = log(LearnedVariance.LEARNED_RANGE, schedule, 1);
      for (int t = 1; t <= schedule.steps(); t++) {
        double logBeta = Math.log(schedule.beta(t));
        double logBetaTilde = schedule.logBetaTildeClipped(t);
        assertThat(least[t - 1]).isCloseTo(logBetaTilde, within(1e-12));
        assertThat(middle[t - 1]).isCloseTo((logBeta + logBetaTilde) / 2, within(1e-12));
        assertThat(most[t - 1]).isCloseTo(logBeta, within(1e-12));
      }
    }
  }

  @Test
  void learned_withoutOutput_isRefused() {
    Tensor x = Tensor.zeros(1, 1);

    assertThatThrownBy(
            () ->
                LearnedVariance.LEARNED_RANGE.log(
                    DDPM, BatchLevels.at(DDPM, 1), x, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice as many output channels");
  }

  /** V of data N(m, s²): what x₀ still varies when xₜ is known. */
  private static double[] varianceOfX0(NoiseSchedule schedule, double s2) {
    return IntStream.rangeClosed(1, schedule.steps())
        .mapToDouble(
            t -> {
              double noise = 1 - schedule.alphaBar(t);
              return s2 * noise / (schedule.alphaBar(t) * s2 + noise);
            })
        .toArray();
  }

  /** The best noise estimate for such data has this mean square. */
  private static double[] meanSquareNoise(NoiseSchedule schedule, double s2) {
    return IntStream.rangeClosed(1, schedule.steps())
        .mapToDouble(
            t -> {
              double noise = 1 - schedule.alphaBar(t);
              return noise / (schedule.alphaBar(t) * s2 + noise);
            })
        .toArray();
  }

  /**
   * For Gaussian data x₍t−1₎ and xₜ are jointly Gaussian, so that the variance of the one given the
   * other follows from Bayes' rule; no estimate can be better.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.25, 1, 4})
  void analytic_gaussianData_isTheVarianceOfBayesRule(double s2) {
    for (SubSequence tau : List.of(SubSequence.all(1000), SubSequence.trailing(1000, 10))) {
      NoiseSchedule schedule = DDPM.shortenedTo(tau);
      AnalyticVariance exact = AnalyticVariance.of(varianceOfX0(DDPM, s2)).shortenedTo(tau);
      AnalyticVariance fromNoise =
          AnalyticVariance.of(DDPM, 4, meanSquareNoise(DDPM, s2)).shortenedTo(tau);
      for (int t = 2; t <= schedule.steps(); t++) {
        double prior = schedule.alphaBar(t - 1) * s2 + 1 - schedule.alphaBar(t - 1);
        double bayes = 1 / (1 / prior + schedule.alpha(t) / schedule.beta(t));
        assertThat(exact.at(schedule, t)).isCloseTo(bayes, within(1e-12 * bayes));
        assertThat(fromNoise.at(schedule, t)).isCloseTo(bayes, within(1e-9 * bayes));
      }
    }
  }

  @Test
  void analytic_dataOfLessThanUnitVariance_liesBetweenBetaTildeAndBeta() {
    AnalyticVariance analytic = AnalyticVariance.of(varianceOfX0(DDPM, 0.3));
    AnalyticVariance unit = AnalyticVariance.of(varianceOfX0(DDPM, 1));

    for (int t = 1; t <= 1000; t++) {
      double beta = DDPM.beta(t);
      assertThat(analytic.at(DDPM, t)).isStrictlyBetween(DDPM.betaTilde(t), beta);
      assertThat(unit.at(DDPM, t)).isCloseTo(beta, within(1e-11 * beta));
    }
  }

  @Test
  void analytic_estimatesOutsideTheirRange_areHeldInside() {
    double[] gamma = new double[1000];
    Arrays.fill(gamma, 1.001);
    assertThat(AnalyticVariance.of(DDPM, 1, gamma).varianceOfX0()).containsOnly(0);
    Arrays.fill(gamma, 0);
    assertThat(AnalyticVariance.of(DDPM, 1, gamma).varianceOfX0()[999]).isEqualTo(1);
    assertThatThrownBy(() -> AnalyticVariance.of(0.1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t = 2 is NaN");
  }

  /** No kind gives NaN or an infinity at any step of any schedule. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1000, 4000})
  void log_everyKindAndSchedule_isFinite(int steps) {
    for (NoiseSchedule schedule :
        List.of(
            LinearSchedule.of(steps, 1e-4, 0.02),
            CosineSchedule.of(steps),
            SigmoidSchedule.of(steps),
            ConstantSchedule.of(steps, 1),
            ConstantSchedule.of(steps, 1e-9))) {
      double[] none = new double[steps];
      double[] ones = new double[steps];
      Arrays.fill(ones, 1);
      for (ReverseVariance variance :
          List.of(
              FixedVariance.BETA,
              FixedVariance.BETA_TILDE,
              LearnedVariance.LEARNED,
              LearnedVariance.LEARNED_RANGE,
              AnalyticVariance.of(none),
              AnalyticVariance.of(schedule, 1, none),
              AnalyticVariance.of(schedule, 1, ones))) {
        assertThat(Arrays.stream(log(variance, schedule, 0.5)))
            .as("%s of %d steps", variance, steps)
            .allMatch(Double::isFinite);
      }
    }
  }
}
