package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VarianceEstimatorTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);
  private static final SubSequence TEN = SubSequence.trailing(1000, 10);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor data(int count) {
    return Seed.of(9).normal(count, 1).to(DType.F64).times(0.5).plus(0.3);
  }

  private static double exact(int t) {
    double noise = 1 - DDPM.alphaBar(t);
    return 0.25 * noise / (0.25 * DDPM.alphaBar(t) + noise);
  }

  /** γ is a mean of squares of a Gaussian, so its relative standard error is √(2 / N). */
  @Test
  void estimate_gaussianData_isTheVarianceOfBayesRuleWithinItsError() {
    int count = 200_000;
    AnalyticVariance estimate =
        new VarianceEstimator(DDPM, TEN, 1).estimate(DATA, data(count), Seed.of(1));
    AnalyticVariance shortened = estimate.shortenedTo(TEN);
    NoiseSchedule ten = DDPM.shortenedTo(TEN);

    for (int s = 1; s <= 10; s++) {
      int t = TEN.t(s);
      double gamma = 1 - exact(t) * DDPM.snr(t);
      double error = 4 * gamma * Math.sqrt(2.0 / count) / DDPM.snr(t);
      assertThat(shortened.varianceOfX0()[s - 1]).isCloseTo(exact(t), within(error));
      if (s > 1) {
        double prior = ten.alphaBar(s - 1) * 0.25 + 1 - ten.alphaBar(s - 1);
        double bayes = 1 / (1 / prior + ten.alpha(s) / ten.beta(s));
        assertThat(shortened.at(ten, s)).isCloseTo(bayes, within(0.01 * bayes));
      }
    }
  }

  @Test
  void estimate_betweenTwoLooks_isLinear() {
    NoiseSchedule schedule = CosineSchedule.of(9);
    double[] variance =
        new VarianceEstimator(schedule, SubSequence.of(2, 5, 7), 1)
            .estimate(DATA, data(1000), Seed.of(1))
            .varianceOfX0();

    assertThat(variance[0]).isEqualTo(variance[1]);
    assertThat(variance[2]).isCloseTo((2 * variance[1] + variance[4]) / 3, within(1e-12));
    assertThat(variance[5]).isCloseTo((variance[4] + variance[6]) / 2, within(1e-12));
    assertThat(variance[8]).isEqualTo(variance[6]);
    assertThat(variance[4]).isNotEqualTo(variance[1]);
  }

  /**
   * In ten steps the fixed variances make images of the wrong spread; the best one is right but for
   * the last step, which adds no noise and so leaves out what x₀ varies there.
   */
  @Test
  void sample_tenSteps_hasTheVarianceOfTheDataButForTheLastStep() {
    AnalyticVariance analytic =
        new VarianceEstimator(DDPM, TEN, 1).estimate(DATA, data(200_000), Seed.of(1));

    double best = variance(analytic);

    assertThat(best).isCloseTo(0.25 - exact(TEN.t(1)), within(0.003));
    assertThat(Math.abs(variance(FixedVariance.BETA_TILDE) - best)).isGreaterThan(0.01);
    assertThat(Math.abs(variance(FixedVariance.BETA) - best)).isGreaterThan(0.01);
  }

  private static double variance(ReverseVariance variance) {
    Tensor x0 =
        new DdpmSampler(DDPM, TEN, variance)
            .sample(DATA, new IndependentNoise(Seed.of(2)), SamplingListener.NONE, 100_000, 1);
    double mean = x0.mean().item();
    return x0.square().mean().item() - mean * mean;
  }
}
