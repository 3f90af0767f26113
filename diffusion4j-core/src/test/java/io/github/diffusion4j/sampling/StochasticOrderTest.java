package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.sampling.SaSolverOptions.Tau;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How fast the law of stochastic solvers comes to that of the data: the weak order, on Gaussian
 * data and without drawing a sample.
 */
class StochasticOrderTest {
  private static final NoiseCurve CURVE = VariancePreserving.ddpm();
  private static final double LARGEST = 148;
  private static final double SMALLEST = 0.08;
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);

  /** A solver and the weak order that is claimed for it. */
  record Claim(String name, double order, Function<NoiseGrid, Sampler> solver) {
    @Override
    public String toString() {
      return name;
    }
  }

  /* More nodes for the mean do not help: the noise of a step is weighed to the second order. */
  static Stream<Claim> claims() {
    return Stream.of(
        new Claim("Euler ancestral", 1, EulerSampler::ancestral),
        new Claim("DPM-Solver-2 ancestral", 2, DpmSolver2Sampler::ancestral),
        new Claim("DPM-Solver++ SDE", 2, DpmSdeSampler::new),
        new Claim("SA-Solver 1, 1", 1, grid -> sa(grid, 1, 1, Tau.ONE, Integrand.X0)),
        new Claim("SA-Solver 1, 2", 2, grid -> sa(grid, 1, 2, Tau.ONE, Integrand.X0)),
        new Claim("SA-Solver 2, 2", 2, grid -> sa(grid, 2, 2, Tau.ONE, Integrand.X0)),
        new Claim("SA-Solver 3, 3", 2, grid -> sa(grid, 3, 3, Tau.ONE, Integrand.X0)),
        new Claim("SA-Solver 2, 2 of noise", 2, grid -> sa(grid, 2, 2, Tau.ONE, Integrand.EPSILON)),
        new Claim("SA-Solver 2, 2, half", 2, grid -> sa(grid, 2, 2, l -> 0.5, Integrand.X0)));
  }

  private static Sampler sa(
      NoiseGrid grid, int predictor, int corrector, Tau tau, Integrand integrand) {
    return new SaSolverSampler(
        grid, new SaSolverOptions(predictor, corrector, integrand, tau, FinalOrder.FULL));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void law_fourTimesTheSteps_errorFallsByTheOrder(Claim claim) {
    double[] coarse = errors(claim, 60);
    double[] fine = errors(claim, 240);

    assertThat(Math.log(coarse[1] / fine[1]) / Math.log(4))
        .as("variance off by %s, then %s", coarse[1], fine[1])
        .isCloseTo(claim.order, within(0.25));
    assertThat(fine[0]).as("mean").isLessThan(0.02);
  }

  /** The errors of mean and variance. */
  private static double[] errors(Claim claim, int steps) {
    double[] sigmas = SigmaSpacing.exponential(steps + 1, SMALLEST, LARGEST);
    NoiseGrid grid =
        NoiseGrid.of(
            CURVE,
            IntStream.rangeClosed(0, steps)
                .mapToObj(s -> CURVE.atSigma(sigmas[steps - s]))
                .toArray(NoiseLevel[]::new));
    AffineLaw law =
        AffineLaw.of(claim.solver.apply(grid), DATA, DATA, 2 * steps, grid.level(steps));
    NoiseLevel end = grid.level(0);
    double variance = Math.pow(end.signal(), 2) * DATA.variance() + Math.pow(end.noise(), 2);
    return new double[] {
      Math.abs(law.mean() - end.signal() * DATA.mean()), Math.abs(law.variance() - variance)
    };
  }
}
