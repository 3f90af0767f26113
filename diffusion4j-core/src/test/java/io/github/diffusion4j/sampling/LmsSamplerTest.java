package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SubSequence;
import org.junit.jupiter.api.Test;

class LmsSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new LmsSampler(NoiseGrid.of(DDPM, tau), 4);
  }

  @Override
  boolean remembersSteps() {
    return true;
  }

  @Test
  void weights_equalSteps_areThoseOfAdamsAndBashforth() {
    double[] expected = {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0};
    double[] weights = LmsSampler.weights(new double[] {3, 3.5, 4, 4.5}, 2.5);

    for (int j = 0; j < 4; j++) {
      assertThat(weights[j]).isCloseTo(-0.5 * expected[j], within(1e-14));
    }
  }

  @Test
  void weights_anyNodes_integrateCubicsExactly() {
    double[] nodes = {1.1, 1.7, 3.2, 4};
    double[] weights = LmsSampler.weights(nodes, 0.3);

    double sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += weights[j] * (2 * Math.pow(nodes[j], 3) - nodes[j] + 5);
    }
    double exact = (Math.pow(0.3, 4) / 2 - 0.045 + 1.5) - (Math.pow(1.1, 4) / 2 - 0.605 + 5.5);
    assertThat(sum).isCloseTo(exact, within(1e-12));
  }

  @Test
  void orderOne_isEuler() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 20));

    assertNumbers(withoutNoise(new LmsSampler(grid, 1), DATA))
        .areCloseTo(withoutNoise(new EulerSampler(grid), DATA), 1e-12);
  }

  @Test
  void pureNoise_infiniteSigma_isLeftOutOfTheMemory() {
    NoiseLevel end = new NoiseLevel(1000, 0, 1);
    NoiseGrid grid =
        NoiseGrid.of(
            NoiseGrid.of(DDPM, SubSequence.of(1)).curve(),
            NoiseLevel.CLEAN,
            DDPM.level(300),
            DDPM.level(600),
            end);
    Denoiser flat = (xt, level) -> new Estimate(xt.times(0.1), xt.times(0.9));

    assertThat(withoutNoise(new LmsSampler(grid, 4), flat)).doesNotContain(Double.NaN);
    assertThat(withoutNoise(new HeunSampler(grid), flat)).doesNotContain(Double.NaN);
    assertThat(withoutNoise(new ReverseSdeSampler(grid, 1), flat)).doesNotContain(Double.NaN);
    assertThat(withoutNoise(new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA), flat))
        .doesNotContain(Double.NaN);
  }

  @Test
  void constructor_orderOutsideRange_namesIt() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(1));

    assertThatThrownBy(() -> new LmsSampler(grid, 5)).hasMessage("order is 5; allowed: 1…4");
  }
}
