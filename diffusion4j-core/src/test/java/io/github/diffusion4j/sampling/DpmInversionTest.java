package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpmInversionTest {
  private static final NoiseCurve CURVE = VariancePreserving.ddpm();
  private static final double SMALLEST = 0.08;
  private static final double LARGEST = 20;
  private static final GaussianData DATA = new GaussianData(0.3, 0.25);
  private static final double[] IMAGES = {-0.6, 0.3, 0.9};

  /** The first steps of order 3 are of lower orders, and at a clean image that costs one. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 2"})
  void encode_fourTimesTheSteps_errorFallsByTheOrder(int order, double measured) {
    double coarse = error(order, 100);
    double fine = error(order, 400);

    assertThat(Math.log(coarse / fine) / Math.log(4)).isCloseTo(measured, within(0.25));
  }

  /** Sampler and inversion err by their order, so what a round trip misses does too. */
  @Test
  void roundTrip_fourTimesTheSteps_isSixteenTimesAsClose() {
    double coarse = roundTrip(50);
    double fine = roundTrip(200);

    assertThat(coarse / fine).isCloseTo(16, within(3.0));
    assertThat(fine).isLessThan(1e-3);
  }

  @Test
  void listener_seesLevelsFromTheCleanest() {
    List<Double> sigmas = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      new DpmInversion(NoiseGrid.upward(CURVE, levels(5)), options(2))
          .encode(DATA, images(), step -> sigmas.add(step.level().sigma()));
    }

    assertThat(sigmas).hasSize(5).isSorted();
    assertThat(sigmas.get(0)).isCloseTo(SMALLEST, within(1e-12));
  }

  @Test
  void constructor_gridThatLeadsDownOrNoise_isRefused() {
    NoiseGrid down = NoiseGrid.of(CURVE, levels(3));
    NoiseGrid up = NoiseGrid.upward(CURVE, levels(3));

    assertThatThrownBy(() -> new DpmInversion(down, options(2)))
        .hasMessageStartingWith("the grid leads from NoiseLevel");
    assertThatThrownBy(() -> new DpmInversion(up, options(2).with(ReverseDynamics.SDE)))
        .hasMessage("process is SDE; allowed for an inversion: ODE");
    assertThatThrownBy(() -> NoiseGrid.upward(CURVE, CURVE.atSigma(2), CURVE.atSigma(1)))
        .hasMessageStartingWith("noise must not fall; ");
  }

  private static double error(int order, int steps) {
    try (Scope scope = Scope.open()) {
      double[] noise =
          new DpmInversion(NoiseGrid.upward(CURVE, levels(steps)), options(order))
              .encode(DATA, images(), SamplingListener.NONE)
              .toDoubles();
      NoiseLevel from = CURVE.atSigma(SMALLEST);
      NoiseLevel to = CURVE.atSigma(LARGEST);
      double spread = Math.sqrt((0.25 + LARGEST * LARGEST) / (0.25 + SMALLEST * SMALLEST));
      return IntStream.range(0, 3)
          .mapToDouble(
              i ->
                  Math.abs(
                      noise[i] - to.signal() * (0.3 + (IMAGES[i] / from.signal() - 0.3) * spread)))
          .max()
          .orElseThrow();
    }
  }

  private static double roundTrip(int steps) {
    try (Scope scope = Scope.open()) {
      NoiseLevel[] levels = levels(steps);
      Tensor noise =
          new DpmInversion(NoiseGrid.upward(CURVE, levels), options(2))
              .encode(DATA, images(), SamplingListener.NONE);
      double[] back =
          new DpmMultistepSampler(NoiseGrid.of(CURVE, levels), options(2))
              .sample(DATA, new FixedNoise(noise, 0), SamplingListener.NONE, 3, 1)
              .toDoubles();
      return IntStream.range(0, 3)
          .mapToDouble(i -> Math.abs(back[i] - IMAGES[i]))
          .max()
          .orElseThrow();
    }
  }

  private static DpmOptions options(int order) {
    return DpmOptions.plusPlus(order).with(Rule.EXACT).with(FinalOrder.FULL);
  }

  private static Tensor images() {
    return Tensor.of(IMAGES, 3, 1);
  }

  private static NoiseLevel[] levels(int steps) {
    double[] sigmas = SigmaSpacing.exponential(steps + 1, SMALLEST, LARGEST);
    return IntStream.rangeClosed(0, steps)
        .mapToObj(s -> CURVE.atSigma(sigmas[steps - s]))
        .toArray(NoiseLevel[]::new);
  }
}
