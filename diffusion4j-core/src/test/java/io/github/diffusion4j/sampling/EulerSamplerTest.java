package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;

class EulerSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new EulerSampler(NoiseGrid.of(DDPM, tau));
  }
}
