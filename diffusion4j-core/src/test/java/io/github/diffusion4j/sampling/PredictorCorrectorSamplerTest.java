package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class PredictorCorrectorSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new PredictorCorrectorSampler(
        NoiseGrid.of(DDPM, tau), 1, LangevinStep.signalToNoise(0.16));
  }

  @Override
  Sampler fineSampler(SubSequence tau) {
    return new PredictorCorrectorSampler(NoiseGrid.of(DDPM, tau), 1, LangevinStep.ofNoise(0.15));
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }

  @Test
  void noCorrections_isThePredictorAlone() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 20));
    LangevinStep size = LangevinStep.ofNoise(0.1);

    assertThat(draw(new PredictorCorrectorSampler(grid, 0, size)))
        .containsExactly(draw(new ReverseSdeSampler(grid, 1)));
  }

  @Test
  void signalToNoise_ratioOfTheTwoParts_isAsAsked() {
    Tensor score = noise(3).z(1, 2, 3, 8, 8);
    Tensor h = LangevinStep.signalToNoise(0.16).size(score, DDPM.level(500));

    assertThat(h.shape()).containsExactly(2, 1, 1, 1);
    for (int i = 0; i < 2; i++) {
      double step = h.select(0, i).item();
      double signal = step * score.select(0, i).norm().item();
      double noise = Math.sqrt(2 * step) * Math.sqrt(3 * 8 * 8);
      assertThat(signal / noise).isCloseTo(0.16, within(1e-6));
    }
    assertThat(LangevinStep.ofNoise(0.1).size(score, DDPM.level(500)).toFloats()[0])
        .isCloseTo((float) (0.02 * (1 - DDPM.alphaBar(500))), within(1e-7f));
    assertThatThrownBy(() -> LangevinStep.ofNoise(0)).hasMessage("r is 0.0; allowed: above 0");
  }

  private static float[] draw(Sampler sampler) {
    return sampler.sample(DATA, noise(0), SamplingListener.NONE, 2, 1, 2, 2).toFloats();
  }
}
