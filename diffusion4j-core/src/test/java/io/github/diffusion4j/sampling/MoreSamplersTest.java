package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.SaSolverOptions.Tau;
import io.github.diffusion4j.sampling.UniPcOptions.Scale;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract of samplers, and what some of them are equal to. */
class MoreSamplersTest {

  private static NoiseGrid grid(SubSequence tau) {
    return NoiseGrid.of(SamplerContract.DDPM, tau);
  }

  @Nested
  class DpmSolver2Test extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmSolver2Sampler(grid(tau));
    }

    @Override
    boolean looksOncePerStep() {
      return false;
    }

    @Test
    void looks_everyStep_areTwoButTheLast() {
      List<Double> sigmas = new ArrayList<>();

      sampler(SubSequence.trailing(1000, 5))
          .sample(DATA, noise(0), step -> sigmas.add(step.level().sigma()), 1, 1, 1, 1);

      assertThat(sigmas).hasSize(9);
      for (int i = 1; i < 8; i += 2) { // in the middle of λ
        assertThat(sigmas.get(i))
            .isCloseTo(Math.sqrt(sigmas.get(i - 1) * sigmas.get(i + 1)), within(1e-9));
      }
    }
  }

  @Nested
  class DpmSolver2AncestralTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return DpmSolver2Sampler.ancestral(grid(tau));
    }

    @Override
    boolean looksOncePerStep() {
      return false;
    }
  }

  @Nested
  class DpmSdeTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmSdeSampler(grid(tau));
    }

    @Override
    boolean looksOncePerStep() {
      return false;
    }

    /**
     * Both draws are parts of one motion: with a denoiser that ignores x the step adds the whole
     * increment, whose variance is that of an ancestral step.
     */
    @Test
    void draws_ofAStep_addUpToTheAncestralVariance() {
      NoiseLevel from = DDPM.level(800);
      NoiseLevel to = DDPM.level(500);
      NoiseGrid one = NoiseGrid.of(grid(SubSequence.of(1)).curve(), to, from);
      Denoiser fixed = (xt, level) -> new Estimate(xt.times(0), xt.dividedBy(level.noise()));
      GaussianData point = new GaussianData(0, 0);

      double variance = AffineLaw.of(new DpmSdeSampler(one), point, fixed, 2, from).variance();

      assertThat(variance).isCloseTo(to.noise() * to.noise(), within(1e-12));
    }
  }

  @Nested
  class IpndmTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new IpndmSampler(grid(tau));
    }

    @Override
    boolean remembersSteps() {
      return true;
    }

    /** Where steps are equal in σ its averages are the integrals of polynomials in σ. */
    @Test
    void sample_stepsEqualInSigma_isLmsOfOrderFour() {
      NoiseLevel[] levels =
          IntStream.rangeClosed(0, 20)
              .mapToObj(s -> grid(SubSequence.of(1)).curve().atSigma(0.1 + 0.2 * s))
              .toArray(NoiseLevel[]::new);
      NoiseGrid even = NoiseGrid.of(grid(SubSequence.of(1)).curve(), levels);

      assertNumbers(withoutNoise(new IpndmSampler(even), DATA))
          .areCloseTo(withoutNoise(new LmsSampler(even, 4), DATA), 1e-12);
    }

    @Test
    void sample_fromPureNoise_beginsWithItAsTheNoise() {
      NoiseLevel end = new NoiseLevel(1000, 0, 1);
      NoiseLevel next = DDPM.level(600);
      NoiseGrid fromNothing = NoiseGrid.of(grid(SubSequence.of(1)).curve(), next, end);
      Denoiser any = (xt, level) -> new Estimate(xt.times(0).plus(5), xt);

      double[] x = withoutNoise(new IpndmSampler(fromNothing), any);

      for (int i = 0; i < x.length; i++) {
        assertThat(x[i]).isCloseTo(next.noise() * STARTS[i], within(1e-12));
      }
    }
  }

  @Nested
  class SaSolverTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new SaSolverSampler(grid(tau), SaSolverOptions.ofOrder(3, Tau.ONE));
    }

    @Override
    boolean remembersSteps() {
      return true;
    }

    /** Without noise, both interpolate alike; UniPC counts the look at the end as one more. */
    @Test
    void sample_noTau_isUniPc() {
      NoiseGrid grid = grid(SubSequence.trailing(1000, 12));
      SaSolverOptions options = new SaSolverOptions(2, 3, Integrand.X0, Tau.NONE, FinalOrder.FULL);
      UniPcOptions same = UniPcOptions.ofOrder(2).with(Scale.BH1).with(FinalOrder.FULL);

      assertNumbers(withoutNoise(new SaSolverSampler(grid, options), DATA))
          .areCloseTo(withoutNoise(new UniPcSampler(grid, same), DATA), 1e-9);
    }

    /**
     * A corrector of order 1 holds x̂₀ as it is at the end of the step: Euler's implicit method.
     */
    @Test
    void sample_orderOne_isByHand() {
      NoiseLevel from = DDPM.level(900);
      NoiseLevel middle = DDPM.level(600);
      NoiseLevel to = DDPM.level(300);
      NoiseGrid two = NoiseGrid.of(grid(SubSequence.of(1)).curve(), to, middle, from);
      Denoiser halving = (xt, level) -> new Estimate(xt.times(0.5), xt.times(0));
      double b = middle.noise() / from.noise();
      double a = middle.signal() - b * from.signal();
      double predicted = b + a * 0.5;
      double corrected = b + a * 0.5 * predicted;
      double ratio = to.noise() / middle.noise();
      double end = ratio * corrected + (to.signal() - ratio * middle.signal()) * 0.5 * predicted;

      double x =
          new SaSolverSampler(two, SaSolverOptions.ofOrder(1, Tau.NONE))
              .sample(
                  halving,
                  new FixedNoise(Tensor.of(new double[] {1}, 1, 1), 0),
                  SamplingListener.NONE,
                  1,
                  1)
              .item();

      assertThat(x).isCloseTo(end, within(1e-12));
    }

    @Test
    void tau_betweenTimes_includesBoth() {
      Tau tau = Tau.between(201, 801);

      assertThat(new double[] {tau.at(DDPM.level(200)), tau.at(DDPM.level(802))})
          .containsExactly(0, 0);
      assertThat(new double[] {tau.at(DDPM.level(201)), tau.at(DDPM.level(801))})
          .containsExactly(1, 1);
    }

    @Test
    void options_orderOutsideRange_isNamed() {
      assertThatThrownBy(() -> SaSolverOptions.ofOrder(5, Tau.NONE))
          .hasMessage("order is 5; allowed: 1…4");
    }
  }

  @Nested
  class SaSolverOfNoiseTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new SaSolverSampler(
          grid(tau), SaSolverOptions.ofOrder(2, Tau.ONE).with(Integrand.EPSILON));
    }

    @Override
    boolean remembersSteps() {
      return true;
    }
  }

  @Nested
  class ConsistencyTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new ConsistencySampler(grid(tau), 0.002, 1);
    }

    @Override
    Denoiser ideal() {
      return FewStepSamplersTest.CONSISTENT;
    }
  }

  @Nested
  class LcmTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new LcmSampler(grid(tau), 10);
    }

    @Override
    Denoiser ideal() {
      return FewStepSamplersTest.CONSISTENT;
    }

    /**
     * It is the image that it is given: the boundary condition, see {@link FewStepSamplersTest}.
     */
    @Override
    @Test
    void lastStep_anyNoise_isTheEstimateOfTheImage() {
      FewStepSamplersTest.assertIdentity(new LcmSampler(grid(SubSequence.of(1)), 10));
    }
  }

  @Nested
  class TcdTest extends SamplerContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new TcdSampler(DDPM, tau, 0.3);
    }

    /** With more images than one it does not: see {@link FewStepSamplersTest}. */
    @Override
    @Test
    void sampleFrom_noisedData_hasTheDistributionOfTheData() {
      GaussianData point = new GaussianData(0.3, 0);
      Sampler sampler = sampler(SubSequence.trailing(1000, 100));
      Tensor xs = sampler.grid().noised(60, Tensor.full(0.3, 4000, 1), noise(0));

      double[] x = sampler.sampleFrom(60, xs, point, noise(0), SamplingListener.NONE).toDoubles();

      NoiseLevel end = DDPM.level(1);
      double mean = DoubleStream.of(x).average().orElseThrow();
      double variance = DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum() / x.length;
      double expected = end.noise() * end.noise();
      assertThat(mean).isCloseTo(0.3 * end.signal(), within(4 * end.noise() / Math.sqrt(x.length)));
      assertThat(variance).isCloseTo(expected, within(4 * expected * Math.sqrt(2.0 / x.length)));
    }

    /** It ends at the first level, where it is already. */
    @Override
    @Test
    void lastStep_anyNoise_isTheEstimateOfTheImage() {
      FewStepSamplersTest.assertIdentity(new TcdSampler(DDPM, SubSequence.of(1), 0.3));
    }
  }
}
