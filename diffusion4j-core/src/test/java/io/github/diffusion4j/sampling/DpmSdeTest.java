package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stochastic solvers reach the law that the ODE does, with other samples. */
class DpmSdeTest {
  private static final NoiseCurve CURVE = VariancePreserving.ddpm();
  private static final int COUNT = 20_000;
  private static final int STEPS = 80;
  private static final GaussianMixture DATA =
      GaussianMixture.of(Component.of(0.3, 0.1, -1), Component.of(0.7, 0.2, 0.8));

  static Stream<DpmOptions> options() {
    DpmOptions second = DpmOptions.plusPlus(2).with(ReverseDynamics.SDE).with(FinalOrder.FULL);
    return Stream.of(
        second,
        second.with(Rule.HEUN),
        DpmOptions.plusPlus(3).with(ReverseDynamics.SDE).with(Rule.EXACT),
        second.with(Integrand.EPSILON),
        DpmOptions.plusPlus(2));
  }

  @ParameterizedTest
  @MethodSource("options")
  void sample_mixture_hasItsLaw(DpmOptions options) {
    NoiseLevel[] levels = levels();
    Sampler sampler = new DpmMultistepSampler(NoiseGrid.of(CURVE, levels), options);
    double[] drawn;
    double[] expected;
    try (Scope scope = Scope.open()) {
      drawn =
          sampler
              .sample(
                  new MixtureDenoiser(DATA),
                  new IndependentNoise(Seed.of(3)),
                  SamplingListener.NONE,
                  COUNT,
                  1)
              .toDoubles();
      expected = DATA.at(levels[0]).sample(COUNT, Seed.of(4)).toDoubles();
    }

    // Moments of the mixture at the last level, by hand, and four standard errors of each.
    double signal = levels[0].signal();
    double noise = levels[0].noise();
    double first = signal * (0.3 * -1 + 0.7 * 0.8);
    double second = signal * signal * (0.3 * (1 + 0.1) + 0.7 * (0.8 * 0.8 + 0.2)) + noise * noise;
    assertThat(mean(drawn, 1))
        .isCloseTo(first, within(4 * Math.sqrt((second - first * first) / COUNT)));
    assertThat(mean(drawn, 2))
        .isCloseTo(second, within(4 * Math.sqrt((mean(drawn, 4) - second * second) / COUNT)));
    // Kolmogorov and Smirnov: exceeded once in a thousand if the laws are the same.
    assertThat(distance(drawn, expected)).isLessThan(1.95 * Math.sqrt(2.0 / COUNT));
  }

  private static NoiseLevel[] levels() {
    double[] sigmas = SigmaSpacing.exponential(STEPS + 1, 0.05, 148);
    return IntStream.rangeClosed(0, STEPS)
        .mapToObj(s -> CURVE.atSigma(sigmas[STEPS - s]))
        .toArray(NoiseLevel[]::new);
  }

  private static double mean(double[] values, int power) {
    return Arrays.stream(values).map(x -> Math.pow(x, power)).average().orElseThrow();
  }

  /** The largest distance of two empirical distribution functions of equal size. */
  private static double distance(double[] a, double[] b) {
    double[] first = Arrays.stream(a).sorted().toArray();
    double[] second = Arrays.stream(b).sorted().toArray();
    int i = 0;
    int j = 0;
    int largest = 0;
    while (i < first.length && j < second.length) {
      if (first[i] <= second[j]) {
        i++;
      } else {
        j++;
      }
      largest = Math.max(largest, Math.abs(i - j));
    }
    return (double) largest / first.length;
  }
}
