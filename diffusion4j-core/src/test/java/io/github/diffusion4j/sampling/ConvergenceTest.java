package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SubVariancePreserving;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How fast the error of each deterministic sampler falls, measured against the exact flow.
 *
 * <p>For data from N(m, s²) the probability-flow equation has the solution x / signal − m ∝ √(s² +
 * σ²).
 */
class ConvergenceTest {
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);
  private static final double START = 1.7;
  private static final NoiseCurve PRESERVING = VariancePreserving.ddpm();

  private static final NoiseCurve SUB = new SubVariancePreserving(0.1, 20);

  /** EDM's process: σ is the time. */
  private static final NoiseCurve PLAIN =
      new NoiseCurve() {
        @Override
        public NoiseLevel at(double t) {
          return new NoiseLevel(t, 1, t);
        }

        @Override
        public NoiseLevel atSigma(double sigma) {
          return at(sigma);
        }
      };

  @Test
  void euler_anyProcess_hasOrderOne() {
    assertOrder(1, EulerSampler::new, n -> uniform(PRESERVING, 1, 0.05, n), 80);
    assertOrder(1, EulerSampler::new, n -> uniform(PLAIN, 5, 0.2, n), 80);
    assertOrder(1, EulerSampler::new, n -> uniform(SUB, 1, 0.05, n), 80);
  }

  @Test
  void heun_anyProcess_hasOrderTwo() {
    assertOrder(2, HeunSampler::new, n -> uniform(PRESERVING, 1, 0.05, n), 40);
    assertOrder(2, HeunSampler::new, n -> uniform(PLAIN, 5, 0.2, n), 40);
    assertOrder(2, HeunSampler::new, n -> uniform(SUB, 1, 0.05, n), 40);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void lms_startedGently_hasTheOrderOfItsLooks(int order) {
    assertOrder(
        order, grid -> new LmsSampler(grid, order), n -> warmed(PRESERVING, 1, 0.05, n), 160);
  }

  /** Order two only, as the paper says: the averages are those of t, the map is that of σ. */
  @ParameterizedTest
  @EnumSource
  void pndm_stepsEqualInTime_hasOrderTwo(PndmSampler.Start start) {
    assertOrder(2, grid -> new PndmSampler(grid, start), n -> uniform(PRESERVING, 1, 0.05, n), 160);
  }

  @Test
  void reverseSde_noRandomness_hasOrderOne() {
    assertOrder(
        1, grid -> new ReverseSdeSampler(grid, 0), n -> uniform(PRESERVING, 1, 0.05, n), 320);
  }

  @Test
  void adaptive_anyTolerance_keepsItAtTheCostOfTheory() {
    for (NoiseCurve curve : List.of(PRESERVING, SUB, new VarianceExploding(0.01, 50))) {
      NoiseGrid grid = uniform(curve, 1, 0.01, 20);
      int[] looks = new int[7];
      for (int i = 0; i < looks.length; i++) {
        double tolerance = Math.pow(10, -3 - i);
        int[] counted = new int[1];
        double error =
            error(new AdaptiveOdeSampler(grid, new Tolerance(tolerance, tolerance)), grid, counted);
        looks[i] = counted[0];
        assertThat(error).as("%s, %s", curve, tolerance).isLessThan(10 * tolerance);
        assertThat(looks[i]).isGreaterThan(i == 0 ? 0 : looks[i - 1]);
      }
      // An error of order 5 allows steps in proportion to its fifth root.
      assertThat((double) looks[6] / looks[0]).isBetween(4.0, Math.pow(1e6, 0.2));
    }
  }

  @Test
  void samplers_onAMixture_convergeToTheAdaptiveSolution() {
    GaussianMixture data =
        GaussianMixture.of(
            Component.of(0.3, 0.04, -1.5, 0.5),
            Component.of(0.5, 0.09, 1, 1),
            Component.of(0.2, 0.25, 0, -1));
    Denoiser denoiser = new MixtureDenoiser(data);
    try (Scope scope = Scope.open()) {
      double[] exact =
          end(new AdaptiveOdeSampler(noisy(20), new Tolerance(1e-11, 1e-11)), denoiser);
      double[] euler = errors(EulerSampler::new, denoiser, exact);
      double[] heun = errors(HeunSampler::new, denoiser, exact);
      double[] lms = errors(grid -> new LmsSampler(grid, 3), denoiser, exact);

      assertThat(euler[0] / euler[1]).isBetween(1.7, 2.3);
      assertThat(heun[0] / heun[1]).isBetween(3.4, 4.6);
      assertThat(lms[0] / lms[1]).isBetween(6.0, 10.0);
    }
  }

  private static NoiseGrid noisy(int steps) {
    return uniform(PRESERVING, 1, 0.05, steps);
  }

  private static double[] errors(
      Function<NoiseGrid, Sampler> sampler, Denoiser denoiser, double[] exact) {
    return IntStream.of(200, 400)
        .mapToDouble(n -> distance(end(sampler.apply(noisy(n)), denoiser), exact))
        .toArray();
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(
        IntStream.range(0, a.length).mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i])).sum());
  }

  private static double[] end(Sampler sampler, Denoiser denoiser) {
    Tensor start = Tensor.of(new double[] {-1, 0.4, 0.2, 1.3, 0.9, -0.8, -0.3, -0.6}, 4, 2);
    return sampler
        .sample(denoiser, new FixedNoise(start, 0), SamplingListener.NONE, 4, 2)
        .toDoubles();
  }

  private static void assertOrder(
      double order, Function<NoiseGrid, Sampler> sampler, IntFunction<NoiseGrid> grid, int steps) {
    double[] errors =
        IntStream.of(steps, 2 * steps, 4 * steps)
            .mapToObj(grid)
            .mapToDouble(g -> error(sampler.apply(g), g, new int[1]))
            .toArray();
    for (int i = 0; i < 2; i++) {
      assertThat(Math.log(errors[i] / errors[i + 1]) / Math.log(2))
          .as("order, from %s", Arrays.toString(errors))
          .isCloseTo(order, within(0.12));
    }
  }

  /** The error of one run; {@code looks[0]} counts how often it looked. */
  private static double error(Sampler sampler, NoiseGrid grid, int[] looks) {
    NoiseLevel from = grid.level(grid.steps());
    NoiseLevel to = grid.level(0);
    try (Scope scope = Scope.open()) {
      List<Double> begin = new ArrayList<>();
      SamplingListener listener =
          step -> {
            looks[0]++;
            if (begin.isEmpty()) {
              begin.add(step.xt().item());
            }
          };
      double end =
          sampler
              .sample(
                  DATA, new FixedNoise(Tensor.of(new double[] {START}, 1, 1), 0), listener, 1, 1)
              .item();
      double spread =
          Math.sqrt(
              (DATA.variance() + to.sigma() * to.sigma())
                  / (DATA.variance() + from.sigma() * from.sigma()));
      double exact =
          to.signal() * (DATA.mean() + (begin.get(0) / from.signal() - DATA.mean()) * spread);
      return Math.abs(end - exact);
    }
  }

  private static NoiseGrid uniform(NoiseCurve curve, double from, double to, int steps) {
    return grid(
        curve,
        DoubleStream.iterate(0, u -> u + 1)
            .limit(steps + 1)
            .map(i -> to + (from - to) * i / steps));
  }

  /** Begins with a step of 1 / steps² and doubles its steps, so that the start costs no order. */
  private static NoiseGrid warmed(NoiseCurve curve, double from, double to, int steps) {
    List<Double> us = new ArrayList<>(List.of(0.0));
    double h = 1.0 / steps;
    double step = h * h;
    double u = 0;
    while (step < h && u + step < 1) {
      u += step;
      us.add(u);
      step *= 2;
    }
    int rest = (int) Math.ceil((1 - u) / h);
    for (int i = 1; i <= rest; i++) {
      us.add(i == rest ? 1 : u + (1 - u) * i / rest);
    }
    return grid(
        curve,
        DoubleStream.iterate(us.size() - 1, i -> i - 1)
            .limit(us.size())
            .map(i -> from + (to - from) * us.get((int) i)));
  }

  private static NoiseGrid grid(NoiseCurve curve, DoubleStream cleanestFirst) {
    return NoiseGrid.of(curve, cleanestFirst.mapToObj(curve::at).toArray(NoiseLevel[]::new));
  }
}
