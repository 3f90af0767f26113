package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers that draw noise end in the right law: that of the data. */
class StochasticLawTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final double VARIANCE = 0.25;
  private static final GaussianData DATA = new GaussianData(0.3, VARIANCE);
  private static final GaussianMixture MIXTURE =
      GaussianMixture.of(Component.of(0.3, 0.04, -1.5), Component.of(0.7, 0.09, 1));
  private static final int COUNT = 20_000;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /**
   * The variance of the output: each step multiplies what there is by the square of a slope, as the
   * best denoiser is linear in x, and adds that of its noise.
   */
  private static double recursion(NoiseGrid grid, double r, double start) {
    double variance = start;
    for (int s = grid.steps(); s >= 1; s--) {
      NoiseLevel now = grid.level(s);
      NoiseLevel next = grid.level(s - 1);
      double epsilonSlope = DATA.slope(now);
      double x0Slope = (1 - now.noise() * epsilonSlope) / now.signal();
      double kept = Math.pow(next.sigma() / now.sigma(), r * r);
      double slope = next.signal() * x0Slope + next.noise() * kept * epsilonSlope;
      variance = slope * slope * variance + Math.pow(next.noise(), 2) * (1 - kept * kept);
    }
    return variance;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1})
  void reverseSde_gaussianData_hasTheVarianceOfTheRecursion(double r) {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 100));
    double expected = recursion(grid, r, 1);

    double[] drawn = draw(new ReverseSdeSampler(grid, r), DATA);

    // The standard error of a variance is √(2 / n) of it.
    assertThat(variance(drawn)).isCloseTo(expected, within(4 * expected * Math.sqrt(2.0 / COUNT)));
    assertThat(mean(drawn)).isCloseTo(0.3, within(0.01 + 4 * Math.sqrt(expected / COUNT)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 1.5})
  void reverseSde_twiceTheSteps_halvesTheErrorOfTheLaw(double r) {
    double[] errors = new double[3];
    for (int i = 0; i < 3; i++) {
      int steps = 400 << i;
      NoiseCurve curve = VariancePreserving.ddpm();
      NoiseGrid grid =
          NoiseGrid.of(
              curve,
              IntStream.rangeClosed(0, steps)
                  .mapToObj(s -> curve.at(0.05 + 0.95 * s / steps))
                  .toArray(NoiseLevel[]::new));
      errors[i] = recursion(grid, r, marginal(grid.level(steps))) - marginal(grid.level(0));
    }

    assertThat(errors[0] / errors[1]).isCloseTo(2, within(0.15));
    assertThat(errors[1] / errors[2]).isCloseTo(2, within(0.1));
  }

  private static double marginal(NoiseLevel level) {
    return Math.pow(level.signal(), 2) * VARIANCE + Math.pow(level.noise(), 2);
  }

  /** For a Gaussian of variance v, Langevin steps of size h end in variance v / (1 − h / 2v). */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 0.6})
  void langevin_oneLevel_hasItsStationaryVariance(double r) {
    NoiseCurve curve = new VarianceExploding(0.01, 20);
    NoiseLevel level = curve.atSigma(0.5);
    NoiseGrid grid = NoiseGrid.of(curve, curve.atSigma(0.4), level);
    double v = VARIANCE + 0.25;
    double h = 2 * r * r * 0.25;

    double[] drawn = draw(new LangevinSampler(grid, 400, LangevinStep.ofNoise(r)), DATA);

    double expected = v / (1 - h / (2 * v));
    assertThat(variance(drawn)).isCloseTo(expected, within(4 * expected * Math.sqrt(2.0 / COUNT)));
    assertThat(mean(drawn)).isCloseTo(0.3, within(4 * Math.sqrt(expected / COUNT)));
  }

  static Stream<Arguments> samplers() {
    return Stream.of(
        named("Euler ancestral", 150, EulerSampler::ancestral),
        named("reverse SDE", 150, grid -> new ReverseSdeSampler(grid, 1)),
        named("reverse SDE, half random", 600, grid -> new ReverseSdeSampler(grid, 0.5)),
        named("Euler with churn", 600, grid -> new EulerSampler(grid, Churn.of(20))),
        named("DPM-Solver-2 ancestral", 150, DpmSolver2Sampler::ancestral),
        named("DPM-Solver++ SDE", 150, DpmSdeSampler::new),
        named(
            "SA-Solver",
            150,
            grid -> new SaSolverSampler(grid, SaSolverOptions.ofOrder(2, SaSolverOptions.Tau.ONE))),
        named("Heun with churn", 150, grid -> new HeunSampler(grid, Churn.of(20))),
        named(
            "predictor–corrector",
            150,
            grid -> new PredictorCorrectorSampler(grid, 1, LangevinStep.ofNoise(0.15))),
        named(
            "annealed Langevin",
            150,
            grid -> new LangevinSampler(grid, 20, LangevinStep.ofNoise(0.25))));
  }

  private static Arguments named(String name, int steps, Function<NoiseGrid, Sampler> sampler) {
    return Arguments.of(name, steps, sampler);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samplers")
  void sample_mixture_hasItsLaw(String name, int steps, Function<NoiseGrid, Sampler> sampler) {
    NoiseCurve curve = NoiseGrid.of(DDPM, SubSequence.all(1000)).curve();
    double most = DDPM.level(1000).sigma();
    NoiseGrid grid =
        NoiseGrid.ofSigmas(curve, SigmaSpacing.exponential(steps, DDPM.level(1).sigma(), most));

    double[] drawn = draw(sampler.apply(grid), new MixtureDenoiser(MIXTURE));

    double[] data = MIXTURE.sample(COUNT, Seed.of(5)).toDoubles();
    double mean = -0.3 * 1.5 + 0.7;
    double variance = 0.3 * (0.04 + 2.25) + 0.7 * (0.09 + 1) - mean * mean;
    // Four standard errors, and 0.01 for what so many steps leave of the discretization.
    assertThat(mean(drawn)).isCloseTo(mean, within(0.01 + 4 * Math.sqrt(variance / COUNT)));
    assertThat(variance(drawn)).isCloseTo(variance, within(0.01 + 4 * 1.2 / Math.sqrt(COUNT)));
    // Kolmogorov and Smirnov: two samples of one law differ by more in one of 1000 cases.
    assertThat(largestGap(drawn, data)).as(name).isLessThan(0.01 + 1.95 * Math.sqrt(2.0 / COUNT));
  }

  /** With many pixels the score's norm is steady, and the rule of signal to noise is safe. */
  @Test
  void predictorCorrector_signalToNoiseInManyDimensions_hasTheVarianceOfTheData() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 500));
    Sampler sampler = new PredictorCorrectorSampler(grid, 1, LangevinStep.signalToNoise(0.05));

    double[] drawn =
        sampler
            .sample(DATA, new IndependentNoise(Seed.of(2)), SamplingListener.NONE, 200, 1, 16, 16)
            .toDoubles();

    assertThat(mean(drawn)).isCloseTo(0.3, within(0.01));
    assertThat(variance(drawn)).isCloseTo(VARIANCE, within(0.01));
  }

  private static double[] draw(Sampler sampler, Denoiser denoiser) {
    return sampler
        .sample(denoiser, new IndependentNoise(Seed.of(1)), SamplingListener.NONE, COUNT, 1)
        .toDoubles();
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
  }

  /** The largest difference between the shares of both samples below a value. */
  private static double largestGap(double[] first, double[] second) {
    double[] a = first.clone();
    double[] b = second.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    double gap = 0;
    int j = 0;
    for (int i = 0; i < a.length; i++) {
      while (j < b.length && b[j] <= a[i]) {
        j++;
      }
      gap = Math.max(gap, Math.abs((i + 1.0) / a.length - (double) j / b.length));
    }
    return gap;
  }
}
