package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdimSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new DdimSampler(DDPM, tau, 0.5);
  }

  /** The variance of the output for η = 0: the square of what one start's distance becomes. */
  private static double variance(SubSequence tau) {
    double slope = 1;
    for (int s = tau.length(); s >= 1; s--) {
      int t = tau.t(s);
      double noiseSlope = DATA.slope(DDPM.level(t));
      double x0Slope = (1 - DDPM.sqrtOneMinusAlphaBar(t) * noiseSlope) / DDPM.sqrtAlphaBar(t);
      int before = tau.t(s - 1);
      slope *= DDPM.sqrtAlphaBar(before) * x0Slope + DDPM.sqrtOneMinusAlphaBar(before) * noiseSlope;
    }
    return slope * slope;
  }

  @ParameterizedTest
  @CsvSource({"10, 0.1369", "50, 0.2222", "250, 0.2441", "1000, 0.2485"})
  void sample_gaussianData_hasThePredictedVariance(int steps, double expected) {
    SubSequence tau = SubSequence.trailing(1000, steps);
    double[] ends = withoutNoise(new DdimSampler(DDPM, tau, 0), DATA);
    double slope = (ends[2] - ends[0]) / 3;

    assertThat(slope * slope).isCloseTo(variance(tau), within(1e-12));
    assertThat(slope * slope).isCloseTo(expected, within(5e-5));
    assertThat(ends[1]).isCloseTo((2 * ends[0] + ends[2]) / 3, within(1e-12));
  }

  @Test
  void sample_twiceTheSteps_halvesTheError() {
    // Fine schedules, so that the error of the steps is not hidden by that of the schedule itself.
    double coarse = 0.25 - variance(SubSequence.trailing(1000, 50));
    double fine = 0.25 - variance(SubSequence.trailing(1000, 100));
    double finer = 0.25 - variance(SubSequence.trailing(1000, 200));

    assertThat(order(coarse, fine)).isCloseTo(1, within(0.1));
    assertThat(order(fine, finer)).isCloseTo(1, within(0.1));
  }

  @Test
  void sample_hundredThousand_haveMeanAndVariance() {
    int count = 100_000;
    SubSequence tau = SubSequence.trailing(1000, 50);
    Tensor x0 =
        new DdimSampler(DDPM, tau, 0)
            .sample(DATA, new IndependentNoise(Seed.of(1)), SamplingListener.NONE, count, 1, 1, 1);

    double mean = x0.mean().item();
    double variance = x0.square().mean().item() - mean * mean;
    double expected = variance(tau);
    assertThat(variance).isCloseTo(expected, within(3 * expected * Math.sqrt(2.0 / count)));
    assertThat(mean).isCloseTo(0.3, within(3e-3 + 3 * Math.sqrt(expected / count)));
  }

  @Test
  void etaOne_sameNoise_equalsAncestralSamplingAtEveryStep() {
    SubSequence tau = SubSequence.trailing(1000, 20);
    FixedNoise noise = new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), 0.7);

    List<double[]> ancestral = steps(new DdpmSampler(DDPM, tau, FixedVariance.BETA_TILDE), noise);
    List<double[]> ddim = steps(new DdimSampler(DDPM, tau, 1), noise);

    for (int i = 0; i < ancestral.size(); i++) {
      assertNumbers(ddim.get(i)).areCloseTo(ancestral.get(i), 1e-11);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 1})
  void sigma_everyStep_equalsTheFormulaOfThePaper(double eta) {
    SubSequence tau = SubSequence.trailing(1000, 10);
    DdimSampler sampler = new DdimSampler(DDPM, tau, eta);

    for (int s = 1; s <= 10; s++) {
      double now = DDPM.alphaBar(tau.t(s));
      double before = DDPM.alphaBar(tau.t(s - 1));
      double expected = eta * Math.sqrt((1 - before) / (1 - now)) * Math.sqrt(1 - now / before);
      assertThat(sampler.sigma(s)).isCloseTo(expected, within(1e-15));
    }
  }

  @Test
  void etaZero_noiseSource_isAskedOnlyForTheStart() {
    FixedNoise wild = new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), Double.NaN);
    Sampler sampler = new DdimSampler(DDPM, SubSequence.trailing(1000, 5), 0);

    double[] ends = sampler.sample(DATA, wild, SamplingListener.NONE, 3, 1, 1, 1).toDoubles();

    assertThat(ends).doesNotContain(Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void constructor_etaOutsideRange_namesIt(double eta) {
    NoiseSchedule schedule = DDPM;
    SubSequence tau = SubSequence.all(1000);

    assertThatThrownBy(() -> new DdimSampler(schedule, tau, eta))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eta is " + eta + "; allowed: 0 ≤ eta ≤ 1");
  }

  private static double order(double error, double errorWithTwiceTheSteps) {
    return Math.log(error / errorWithTwiceTheSteps) / Math.log(2);
  }

  private static List<double[]> steps(Sampler sampler, NoiseSource noise) {
    try (Scope inner = Scope.open()) {
      List<double[]> steps = new ArrayList<>();
      Tensor x0 = sampler.sample(DATA, noise, step -> steps.add(step.xt().toDoubles()), 3, 1, 1, 1);
      steps.add(x0.toDoubles());
      return steps;
    }
  }
}
