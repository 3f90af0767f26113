package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers of distilled networks, with the functions that such networks are meant to be. */
class FewStepSamplersTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);
  private static final GaussianData POINT = new GaussianData(0.3, 0);

  /** The flow's map to the clean image, for Gaussian data: x̄ − m ↦ s (x̄ − m) / √(s² + σ²). */
  static final Denoiser CONSISTENT =
      (xt, level) -> {
        double shrunk = Math.sqrt(DATA.variance() / (DATA.variance() + square(level.sigma())));
        Tensor x0Hat =
            xt.dividedBy(level.signal()).minus(DATA.mean()).times(shrunk).plus(DATA.mean());
        return new Estimate(x0Hat, xt.minus(x0Hat.times(level.signal())).dividedBy(level.noise()));
      };

  /** A consistent function draws from the data in any number of steps. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 20})
  void consistency_consistentFunction_hasTheLawOfTheData(int steps) {
    NoiseGrid grid = grid(steps);
    AffineLaw law = law(new ConsistencySampler(grid, 0, 1), CONSISTENT, DATA, grid);

    assertThat(law.mean()).isCloseTo(0.3, within(1e-9));
    assertThat(law.variance()).isCloseTo(0.25, within(1e-9));
  }

  /** A network that is not consistent gives the mean of the data, which has too little spread. */
  @Test
  void consistency_denoiser_losesTheSpread() {
    NoiseGrid grid = grid(1);

    assertThat(law(new ConsistencySampler(grid, 0, 1), DATA, DATA, grid).variance())
        .isLessThan(0.001);
  }

  @Test
  void consistency_moreNoise_isMultipliedAndLessAtTheEnd() {
    NoiseGrid grid = grid(2);
    double sigma = grid.level(1).sigma();
    Denoiser zero = (xt, level) -> new Estimate(xt.times(0), xt);
    double[] seen = new double[2];
    new ConsistencySampler(grid, 0.5, 1.5)
        .sample(
            zero,
            new FixedNoise(Tensor.of(new double[] {0}, 1, 1), 1),
            step -> seen[step.number() - 1] = step.xt().item() / step.level().signal(),
            1,
            1);

    assertThat(seen[1]).isCloseTo(1.5 * Math.sqrt(sigma * sigma - 0.25), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void lcm_consistentFunction_hasTheLawOfTheData(int steps) {
    NoiseGrid grid = grid(steps);
    AffineLaw law = law(new LcmSampler(grid, 10), CONSISTENT, DATA, grid);

    // cₛₖᵢₚ is 1e-6 at the last time that four steps visit.
    assertThat(law.mean()).isCloseTo(0.3, within(1e-5));
    assertThat(law.variance()).isCloseTo(0.25, within(1e-5));
  }

  /** f(x, 0) = x: the boundary condition. */
  @Test
  void lcm_firstTime_isTheIdentity() {
    assertIdentity(new LcmSampler(NoiseGrid.of(DDPM, SubSequence.of(1)), 10));
  }

  static void assertIdentity(Sampler sampler) {
    assertNumbers(SamplerContract.withoutNoise(sampler, DATA))
        .areCloseTo(SamplerContract.STARTS, 1e-12);
  }

  /** If all images are the same, going down and up again keeps the law of the process. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.7, 1})
  void tcd_oneImage_keepsTheLawOfTheProcess(double gamma) {
    SubSequence times = SubSequence.trailing(1000, 4);
    TcdSampler sampler = new TcdSampler(DDPM, times, gamma);
    AffineLaw law = law(sampler, POINT, POINT, NoiseGrid.of(DDPM, times));
    NoiseLevel end = DDPM.level(1);

    assertThat(law.mean()).isCloseTo(0.3 * end.signal(), within(1e-9));
    assertThat(law.variance()).isCloseTo(square(end.noise()), within(1e-12));
  }

  @Test
  void tcd_gammaZero_isDdimToTheFirstLevel() {
    SubSequence times = SubSequence.trailing(1000, 10);
    NoiseGrid grid = NoiseGrid.of(DDPM, times).endingAt(DDPM.level(1));

    assertThat(SamplerContract.withoutNoise(new TcdSampler(DDPM, times, 0), DATA))
        .containsExactly(SamplerContract.withoutNoise(new DdimSampler(grid, 0), DATA));
  }

  @Test
  void tcd_gammaOutsideRange_isNamed() {
    assertThatThrownBy(() -> new TcdSampler(DDPM, SubSequence.of(1), 1.5))
        .hasMessage("gamma is 1.5; allowed: 0 ≤ gamma ≤ 1");
  }

  /** cₛₖᵢₚ and cₒᵤₜ make the image at σ_min its own estimate, whatever the network says. */
  @Test
  void prediction_ofConsistencyModels_isTheIdentityAtTheSmallestSigma() {
    Prediction f = Prediction.consistency(0.5, 0.002);
    Tensor xt = Tensor.of(new double[] {-1, 0.4}, 2, 1);
    Denoiser denoiser = new NetworkDenoiser((x, time) -> x.times(100), f);

    Estimate estimate = denoiser.estimate(xt, new NoiseLevel(1, 1, 0.002));

    assertNumbers(estimate.x0Hat().toDoubles()).areCloseTo(xt.toDoubles(), 1e-12);
    assertNumbers(estimate.epsilonHat().toDoubles()).areCloseTo(new double[2], 1e-9);
  }

  /** What x̂₀ and ε̂ are made of is what {@code target} says the network should have said. */
  @Test
  void prediction_ofConsistencyModels_isTheInverseOfItsTarget() {
    Prediction f = Prediction.consistency(0.5, 0.002);
    NoiseLevel level = new NoiseLevel(1, 0.6, 0.8);
    Prediction.Mixture mixture = f.at(level);
    double answer = mixture.ofX0() * 0.7 - mixture.ofEpsilon() * 0.2;
    Tensor xt = Tensor.of(new double[] {0.6 * 0.7 - 0.8 * 0.2}, 1, 1);

    Estimate estimate =
        new NetworkDenoiser((x, time) -> Tensor.of(new double[] {answer}, 1, 1), f)
            .estimate(xt, level);

    assertThat(List.of(estimate.x0Hat().toDoubles()[0], estimate.epsilonHat().toDoubles()[0]))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1)
        .containsExactly(0.7, -0.2);
  }

  private static AffineLaw law(
      Sampler sampler, Denoiser denoiser, GaussianData data, NoiseGrid grid) {
    return AffineLaw.of(sampler, data, denoiser, grid.steps(), grid.level(grid.steps()));
  }

  private static NoiseGrid grid(int steps) {
    return NoiseGrid.of(DDPM, SubSequence.trailing(1000, steps));
  }

  private static double square(double x) {
    return x * x;
  }
}
