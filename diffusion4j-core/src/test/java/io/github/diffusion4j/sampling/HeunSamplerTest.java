package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class HeunSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new HeunSampler(NoiseGrid.of(DDPM, tau), new Churn(5, 0.1, 5, 1));
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }

  @Test
  void looks_everyStep_areTwoButTheLast() {
    int[] looks = new int[1];

    new HeunSampler(NoiseGrid.of(DDPM, SubSequence.trailing(1000, 18)))
        .sample(DATA, noise(0), step -> looks[0] = step.of(), 1, 1, 1, 1);

    assertThat(looks[0]).isEqualTo(35); // EDM's count for 18 steps
  }

  @Test
  void oneStep_byHand_isTheMeanOfTwoSlopes() {
    NoiseLevel from = new NoiseLevel(2, 1, 2);
    NoiseLevel to = new NoiseLevel(1, 1, 1);
    NoiseGrid grid = NoiseGrid.of(NoiseGrid.of(DDPM, SubSequence.of(1)).curve(), to, from);
    Denoiser slopes = // d x / d sigma = x sigma
        (xt, level) -> {
          Tensor epsilon = xt.times(level.noise());
          return new Estimate(xt.minus(epsilon.times(level.noise())), epsilon);
        };

    // x = √5 at σ = 2: slope 2x, Euler reaches −x; there the slope is −x; the mean is x / 2
    double end =
        new HeunSampler(grid)
            .sample(
                slopes,
                new FixedNoise(Tensor.of(new double[] {1}, 1, 1), 0),
                SamplingListener.NONE,
                1,
                1)
            .item();

    assertThat(end).isCloseTo(Math.sqrt(5) / 2, within(1e-12));
  }
}
