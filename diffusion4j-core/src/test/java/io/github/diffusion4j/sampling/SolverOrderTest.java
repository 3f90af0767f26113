package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.sampling.UniPcOptions.Corrector;
import io.github.diffusion4j.sampling.UniPcOptions.Scale;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How fast the error of each solver falls with the number of steps, on exact denoisers. */
class SolverOrderTest {
  private static final NoiseCurve CURVE = VariancePreserving.ddpm();
  private static final double LARGEST = 148; // e⁵: little but noise
  private static final double SMALLEST = 0.08;
  private static final double[] STARTS = {-1.5, -0.3, 0.4, 1.7};

  private static final GaussianData GAUSSIAN = new GaussianData(0.3, 0.25);
  private static final Denoiser MIXTURE =
      new MixtureDenoiser(
          GaussianMixture.of(Component.of(0.3, 0.1, -1), Component.of(0.7, 0.2, 0.8)));
  private static final double[] MIXTURE_ENDS = rungeKutta(MIXTURE, 2000);

  /** A solver and the order that is claimed for it. */
  record Claim(String name, double order, Function<NoiseGrid, Sampler> solver) {
    @Override
    public String toString() {
      return name;
    }
  }

  /*
   * A corrector adds an order to its predictor's, as the paper of UniPC says. For the first steps
   * of a run, which are of a lower order, the estimate is nearly constant, as there is little image
   * yet; so they do not show here.
   */
  static Stream<Claim> claims() {
    return Stream.of(multistep(), singleStep(), uniPc(), deis(), saSolver(), others())
        .flatMap(claims -> claims);
  }

  private static Claim multistep(String name, double order, DpmOptions options) {
    return new Claim(name, order, grid -> new DpmMultistepSampler(grid, options));
  }

  private static Claim singleStep(String name, double order, DpmOptions options) {
    return new Claim(name, order, grid -> new DpmSingleStepSampler(grid, options));
  }

  private static Claim uniPc(String name, double order, UniPcOptions options) {
    return new Claim(name, order, grid -> new UniPcSampler(grid, options.with(FinalOrder.FULL)));
  }

  private static DpmOptions dpm(int order, Rule rule) {
    return DpmOptions.plusPlus(order).with(rule).with(FinalOrder.FULL);
  }

  private static DpmOptions ofNoise(int order, Rule rule) {
    return dpm(order, rule).with(Integrand.EPSILON);
  }

  private static Stream<Claim> multistep() {
    return Stream.of(
        multistep("DPM-Solver++(1)", 1, dpm(1, Rule.MIDPOINT)),
        multistep("DPM-Solver++(2M)", 2, dpm(2, Rule.MIDPOINT)),
        multistep("DPM-Solver++(2M) Heun", 2, dpm(2, Rule.HEUN)),
        multistep("DPM-Solver++(3M)", 3, dpm(3, Rule.EXACT)),
        multistep("DPM-Solver++(3M) as in the paper's code", 2, dpm(3, Rule.MIDPOINT)),
        multistep("DPM-Solver(1)", 1, ofNoise(1, Rule.MIDPOINT)),
        multistep("DPM-Solver(2M)", 2, ofNoise(2, Rule.MIDPOINT)),
        multistep("DPM-Solver(3M)", 3, ofNoise(3, Rule.EXACT)));
  }

  private static Stream<Claim> singleStep() {
    return Stream.of(
        singleStep("DPM-Solver++(2S)", 2, dpm(2, Rule.MIDPOINT)),
        singleStep("DPM-Solver++(2S) Heun", 2, dpm(2, Rule.HEUN)),
        singleStep("DPM-Solver++(3S)", 3, dpm(3, Rule.MIDPOINT)),
        singleStep("DPM-Solver++(3S) Heun", 3, dpm(3, Rule.HEUN)),
        singleStep("DPM-Solver-2", 2, ofNoise(2, Rule.MIDPOINT)),
        singleStep("DPM-Solver-3", 3, ofNoise(3, Rule.MIDPOINT)));
  }

  private static Stream<Claim> uniPc() {
    UniPcOptions two = UniPcOptions.ofOrder(2);
    return Stream.of(
        uniPc("UniP-2", 2, two.with(Corrector.NEVER)),
        uniPc("UniP-2 B1", 2, two.with(Corrector.NEVER).with(Scale.BH1)),
        uniPc("UniP-3", 3, UniPcOptions.ofOrder(3).with(Corrector.NEVER)),
        uniPc("UniPC-1", 2, UniPcOptions.ofOrder(1)),
        uniPc("UniPC-2", 3, two),
        uniPc("UniPC-2 B1", 3, two.with(Scale.BH1)),
        uniPc("UniPC-2 of noise", 3, two.with(Integrand.EPSILON)),
        uniPc("UniPC-3", 4, UniPcOptions.ofOrder(3)));
  }

  private static Stream<Claim> deis() {
    return IntStream.rangeClosed(1, 3)
        .mapToObj(
            order ->
                new Claim(
                    "DEIS-" + order, order, grid -> new DeisSampler(grid, order, FinalOrder.FULL)));
  }

  /** A corrector of c nodes, after a predictor of p, has the order of the lower of c and p + 1. */
  private static Stream<Claim> saSolver() {
    return Stream.of(
        saSolver(1, 1, 1, Integrand.X0),
        saSolver(2, 1, 2, Integrand.X0),
        saSolver(2, 2, 2, Integrand.X0),
        saSolver(3, 2, 3, Integrand.X0),
        saSolver(4, 3, 4, Integrand.X0),
        saSolver(2, 2, 2, Integrand.EPSILON));
  }

  private static Claim saSolver(double order, int predictor, int corrector, Integrand integrand) {
    SaSolverOptions options =
        new SaSolverOptions(
            predictor, corrector, integrand, SaSolverOptions.Tau.NONE, FinalOrder.FULL);
    return new Claim(
        "SA-Solver %d, %d of %s".formatted(predictor, corrector, integrand),
        order,
        grid -> new SaSolverSampler(grid, options));
  }

  private static Stream<Claim> others() {
    return Stream.of(
        new Claim("DPM-Solver-2 with the midpoint", 2, DpmSolver2Sampler::new),
        new Claim("iPNDM", 2, IpndmSampler::new));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void sample_eightTimesTheSteps_errorFallsByTheOrder(Claim claim) {
    assertThat(order(claim, GAUSSIAN, gaussianEnds())).isCloseTo(claim.order, within(0.25));
    assertThat(order(claim, MIXTURE, MIXTURE_ENDS)).isCloseTo(claim.order, within(0.25));
  }

  /** Between 60 and 480 steps it is still faster than in the limit. */
  @ParameterizedTest
  @EnumSource
  void saSolver_predictorOfThreeAndCorrectorToo_hasAtLeastOrderThree(Integrand integrand) {
    Claim claim = saSolver(3, 3, 3, integrand);

    assertThat(order(claim, GAUSSIAN, gaussianEnds())).isGreaterThan(2.75);
    assertThat(order(claim, MIXTURE, MIXTURE_ENDS)).isGreaterThan(2.75);
  }

  private static double order(Claim claim, Denoiser denoiser, double[] exact) {
    double coarse = error(claim, denoiser, exact, 60);
    double fine = error(claim, denoiser, exact, 480);
    return Math.log(coarse / fine) / Math.log(8);
  }

  @Test
  void rungeKutta_gaussian_isTheClosedForm() {
    assertNumbers(rungeKutta(GAUSSIAN, 2000)).areCloseTo(gaussianEnds(), 1e-11);
  }

  private static double error(Claim claim, Denoiser denoiser, double[] exact, int steps) {
    Sampler sampler = claim.solver.apply(evenInLambda(steps));
    try (Scope scope = Scope.open()) {
      FixedNoise noise = new FixedNoise(Tensor.of(STARTS, 4, 1), Double.NaN);
      double[] ends = sampler.sample(denoiser, noise, SamplingListener.NONE, 4, 1).toDoubles();
      return IntStream.range(0, 4).mapToDouble(i -> Math.abs(ends[i] - exact[i])).max().orElse(0);
    }
  }

  private static NoiseGrid evenInLambda(int steps) {
    double[] sigmas = SigmaSpacing.exponential(steps + 1, SMALLEST, LARGEST);
    return NoiseGrid.of(
        CURVE,
        IntStream.rangeClosed(0, steps)
            .mapToObj(s -> CURVE.atSigma(sigmas[steps - s]))
            .toArray(NoiseLevel[]::new));
  }

  /** The flow of a Gaussian: in x / signal, distances from the mean change as √(s² + σ²). */
  private static double[] gaussianEnds() {
    NoiseLevel from = CURVE.atSigma(LARGEST);
    NoiseLevel to = CURVE.atSigma(SMALLEST);
    double shrunk =
        Math.sqrt(
            (GAUSSIAN.variance() + SMALLEST * SMALLEST)
                / (GAUSSIAN.variance() + LARGEST * LARGEST));
    double[] ends = new double[STARTS.length];
    for (int i = 0; i < ends.length; i++) {
      double distance = STARTS[i] / from.signal() - GAUSSIAN.mean();
      ends[i] = to.signal() * (GAUSSIAN.mean() + shrunk * distance);
    }
    return ends;
  }

  /** The ODE d(x / signal) / dλ = x̂₀ − x / signal by the classical method of order 4. */
  private static double[] rungeKutta(Denoiser denoiser, int steps) {
    double first = -Math.log(LARGEST);
    double h = (-Math.log(SMALLEST) - first) / steps;
    try (Scope scope = Scope.open()) {
      double signal = CURVE.atSigma(LARGEST).signal();
      double[] y = Tensor.of(STARTS, 4, 1).dividedBy(signal).toDoubles();
      for (int i = 0; i < steps; i++) {
        double lambda = first + i * h;
        double[] k1 = slope(denoiser, y, lambda);
        double[] k2 = slope(denoiser, plus(y, k1, h / 2), lambda + h / 2);
        double[] k3 = slope(denoiser, plus(y, k2, h / 2), lambda + h / 2);
        double[] k4 = slope(denoiser, plus(y, k3, h), lambda + h);
        y = plus(plus(plus(plus(y, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
      }
      return plus(new double[y.length], y, CURVE.atSigma(SMALLEST).signal());
    }
  }

  private static double[] slope(Denoiser denoiser, double[] y, double lambda) {
    try (Scope scope = Scope.open()) {
      NoiseLevel level = CURVE.atSigma(Math.exp(-lambda));
      Tensor scaled = Tensor.of(y, 4, 1);
      Tensor x0Hat = denoiser.estimate(scaled.times(level.signal()), level).x0Hat();
      return x0Hat.minus(scaled).toDoubles();
    }
  }

  private static double[] plus(double[] y, double[] k, double factor) {
    return IntStream.range(0, y.length).mapToDouble(i -> y[i] + factor * k[i]).toArray();
  }
}
