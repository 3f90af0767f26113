package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class AdaptiveOdeSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new AdaptiveOdeSampler(NoiseGrid.of(DDPM, tau), new Tolerance(1e-8, 1e-8));
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }

  /** The length of the next step follows from the error of the last. */
  @Override
  boolean remembersSteps() {
    return true;
  }

  @Test
  void denoiser_returnsNaN_isReported() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 5));
    Denoiser broken = (xt, level) -> new Estimate(xt.times(Double.NaN), xt);
    NoiseSource noise = noise(0);

    assertThatThrownBy(() -> sampler.sample(broken, noise, SamplingListener.NONE, 1, 1, 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does the denoiser return NaN?");
  }

  @Test
  void batch_ofOne_agreesWithinTheTolerance() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 5));
    double[] both = withoutNoise(new AdaptiveOdeSampler(grid, new Tolerance(1e-5, 1e-5)), DATA);
    Tensor alone = Tensor.of(new double[] {STARTS[2]}, 1, 1, 1, 1);
    double third =
        new AdaptiveOdeSampler(grid, new Tolerance(1e-5, 1e-5))
            .sample(DATA, new FixedNoise(alone, 0), SamplingListener.NONE, 1, 1, 1, 1)
            .item();

    assertThat(both[2]).isCloseTo(third, within(1e-4));
  }

  @Test
  void tolerance_none_isRefused() {
    assertThatThrownBy(() -> new Tolerance(0, 0))
        .hasMessage("tolerances are 0.0 and 0.0; allowed: 0 or more, and not both 0");
  }
}
