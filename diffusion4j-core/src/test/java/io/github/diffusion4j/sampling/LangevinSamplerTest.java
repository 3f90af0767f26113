package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;

class LangevinSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new LangevinSampler(NoiseGrid.of(DDPM, tau), 2, LangevinStep.ofNoise(0.2));
  }

  @Override
  Sampler fineSampler(SubSequence tau) {
    return new LangevinSampler(NoiseGrid.of(DDPM, tau), 30, LangevinStep.ofNoise(0.2));
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }
}
