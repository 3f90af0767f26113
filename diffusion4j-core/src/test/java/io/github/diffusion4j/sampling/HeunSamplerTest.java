package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;

class HeunSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new HeunSampler(NoiseGrid.of(DDPM, tau), new Churn(5, 0.1, 5, 1));
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }
}
