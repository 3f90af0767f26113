package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DdpmSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new DdpmSampler(DDPM, tau, FixedVariance.BETA_TILDE);
  }

  /** The factor by which the mean of one reverse step depends on xₜ, with the best denoiser. */
  private static double slope(GaussianData data, int t) {
    double noiseShare = DDPM.beta(t) / DDPM.sqrtOneMinusAlphaBar(t);
    return (1 - noiseShare * data.slope(DDPM.level(t))) / Math.sqrt(DDPM.alpha(t));
  }

  private static double variance(GaussianData data, FixedVariance reverse) {
    double variance = 1;
    for (int t = DDPM.steps(); t >= 1; t--) {
      double added = t > 1 ? reverse.at(DDPM, t) : 0;
      variance = slope(data, t) * slope(data, t) * variance + added;
    }
    return variance;
  }

  @ParameterizedTest
  @CsvSource({
    "BETA_TILDE, 0.25, 0.24613", "BETA, 0.25, 0.25075",
    "BETA_TILDE, 1, 0.99107", "BETA, 1, 0.99990"
  })
  void sample_gaussianData_hasThePredictedVariance(
      FixedVariance reverse, double dataVariance, double expected) {
    GaussianData data = new GaussianData(0.3, dataVariance);

    assertThat(variance(data, reverse)).isCloseTo(expected, within(5e-6));
  }

  @Test
  void sample_noiseOff_isTheAffineMapOfTheRecursion() {
    double slope = 1;
    double intercept = 0;
    for (int t = 1000; t >= 1; t--) {
      // The fixed part of a step: where the mean of xₜ must go to the mean of x₍t−1₎.
      double shift =
          DATA.mean() * (DDPM.sqrtAlphaBar(t - 1) - slope(DATA, t) * DDPM.sqrtAlphaBar(t));
      intercept = slope(DATA, t) * intercept + shift;
      slope *= slope(DATA, t);
    }

    double[] ends = withoutNoise(new DdpmSampler(DDPM, FixedVariance.BETA), DATA);

    for (int i = 0; i < STARTS.length; i++) {
      assertThat(ends[i]).isCloseTo(slope * STARTS[i] + intercept, within(1e-9));
    }
    // From N(0, 1), the mean of the output is the intercept: the mean of the data.
    assertThat(ends[1]).isCloseTo(0.3, within(2e-3));
  }

  @ParameterizedTest
  @EnumSource
  void sample_hundredThousand_haveMeanAndVarianceOfTheRecursion(FixedVariance reverse) {
    int count = 100_000;
    Tensor x0 =
        new DdpmSampler(DDPM, reverse)
            .sample(DATA, new IndependentNoise(Seed.of(1)), SamplingListener.NONE, count, 1, 1, 1);

    double mean = x0.mean().item();
    double variance = x0.square().mean().item() - mean * mean;
    double expected = variance(DATA, reverse);
    // The standard error of the variance is 0.45 %; β and β̃ lie 1.9 % apart.
    assertThat(variance).isCloseTo(expected, within(3 * expected * Math.sqrt(2.0 / count)));
    assertThat(mean).isCloseTo(0.3, within(2e-3 + 3 * Math.sqrt(expected / count)));
  }

  @ParameterizedTest
  @EnumSource
  void sample_twoSteps_followAlgorithm2(FixedVariance reverse) {
    SubSequence tau = SubSequence.of(400, 900);
    NoiseSchedule shortened = DDPM.shortenedTo(tau);
    Posterior posterior = new Posterior(shortened);
    Tensor x2 = Tensor.of(STARTS, 3, 1, 1, 1);
    Tensor mean = posterior.meanFromEpsilon(DATA.estimate(x2, DDPM.level(900)).epsilonHat(), x2, 2);
    Tensor x1 = mean.plus(0.5 * Math.sqrt(reverse.at(shortened, 2)));
    Tensor x0 = posterior.meanFromEpsilon(DATA.estimate(x1, DDPM.level(400)).epsilonHat(), x1, 1);

    Tensor actual =
        new DdpmSampler(DDPM, tau, reverse)
            .sample(DATA, new FixedNoise(x2, 0.5), SamplingListener.NONE, 3, 1, 1, 1);

    assertNumbers(actual.toDoubles()).areCloseTo(x0.toDoubles(), 1e-12);
  }
}
