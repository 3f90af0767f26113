package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DdimInversionTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);
  private static final double[] IMAGES = {-0.6, 0.3, 0.9};

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void roundTrip_twiceTheSteps_halvesTheError() {
    double[] errors = IntStream.of(100, 200, 400).mapToDouble(this::roundTripError).toArray();

    assertThat(errors[0] / errors[1]).isCloseTo(2, within(0.1));
    assertThat(errors[1] / errors[2]).isCloseTo(2, within(0.05));
    assertThat(errors[2]).isLessThan(0.02);
  }

  @Test
  void encode_manySteps_isTheExactFlow() {
    NoiseGrid grid = uniform(1000);
    double[] noise = encode(grid).toDoubles();

    NoiseLevel end = grid.level(1000);
    double spread = Math.sqrt((0.25 + end.sigma() * end.sigma()) / 0.25);
    for (int i = 0; i < 3; i++) {
      double exact = end.signal() * (0.3 + (IMAGES[i] - 0.3) * spread);
      assertThat(noise[i]).isCloseTo(exact, within(0.02));
    }
  }

  /** The sums that diffusers' own tests of {@code DDIMInverseScheduler} assert. */
  @ParameterizedTest
  @CsvSource({"epsilon, 671.6816", "v, 1394.2185"})
  void encode_harnessOfDiffusers_hasItsSum(String kind, double sum) {
    Prediction prediction = kind.equals("v") ? Prediction.V : Prediction.EPSILON;
    Denoiser free =
        new NetworkDenoiser(
            (xt, time) -> {
              double t = time.toFloats()[0];
              return xt.times(t).dividedBy(t + 1);
            },
            prediction);
    Denoiser clipped =
        (xt, level) -> {
          Estimate estimate = free.estimate(xt, level);
          return new Estimate(estimate.x0Hat().clamp(-1, 1), estimate.epsilonHat());
        };
    Tensor start =
        Tensor.arange(768)
            .to(DType.F32)
            .dividedBy(768)
            .reshape(3, 8, 8, 4)
            .permute(3, 0, 1, 2)
            .contiguous();
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.leading(1000, 10));

    Tensor xT = new DdimInversion(grid).encode(clipped, start, SamplingListener.NONE);

    assertThat(xT.abs().sum().item()).isCloseTo(sum, within(1e-2));
  }

  @Test
  void encode_anyImages_leavesThemAloneAndTellsTheTimeAhead() {
    Tensor images = Tensor.of(IMAGES, 3, 1, 1, 1);
    List<Double> times = new ArrayList<>();
    long before = Scope.liveObjects();

    Tensor xT =
        new DdimInversion(NoiseGrid.of(DDPM, SubSequence.of(100, 400, 900)))
            .encode(DATA, images, step -> times.add(step.level().t()));

    assertThat(times).containsExactly(100.0, 400.0, 900.0);
    assertThat(images.toDoubles()).containsExactly(IMAGES);
    assertThat(xT.shape()).containsExactly(3, 1, 1, 1);
    assertThat(Scope.liveObjects()).isLessThanOrEqualTo(before + 1);
  }

  @Test
  void bounded_cleanLevel_keepsTheNoiseItWasTold() {
    Denoiser free = (xt, level) -> new Estimate(xt, xt.times(0.5));

    Tensor xT =
        new DdimInversion(NoiseGrid.of(DDPM, SubSequence.of(100)))
            .encode(
                BoundedDenoiser.clipping(free, 1),
                Tensor.of(IMAGES, 3, 1, 1, 1),
                SamplingListener.NONE);

    NoiseLevel level = DDPM.level(100);
    assertThat(xT.toDoubles()[2])
        .isCloseTo(0.9 * (level.signal() + 0.5 * level.noise()), within(1e-12));
  }

  private double roundTripError(int steps) {
    NoiseGrid grid = uniform(steps);
    Tensor back =
        new DdimSampler(grid, 0)
            .sample(DATA, new FixedNoise(encode(grid), 0), SamplingListener.NONE, 3, 1, 1, 1);
    return Math.abs(back.toDoubles()[0] - IMAGES[0]);
  }

  private static Tensor encode(NoiseGrid grid) {
    return new DdimInversion(grid)
        .encode(DATA, Tensor.of(IMAGES, 3, 1, 1, 1), SamplingListener.NONE);
  }

  private static NoiseGrid uniform(int steps) {
    NoiseCurve curve = VariancePreserving.ddpm();
    return NoiseGrid.of(
        curve,
        IntStream.rangeClosed(0, steps)
            .mapToObj(s -> curve.at((double) s / steps))
            .toArray(NoiseLevel[]::new));
  }
}
