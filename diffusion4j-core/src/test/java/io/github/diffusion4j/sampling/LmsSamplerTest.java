package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;

class LmsSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new LmsSampler(NoiseGrid.of(DDPM, tau), 4);
  }
}
