package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;

class PndmSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new PndmSampler(NoiseGrid.of(DDPM, tau), PndmSampler.Start.RUNGE_KUTTA);
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }
}
