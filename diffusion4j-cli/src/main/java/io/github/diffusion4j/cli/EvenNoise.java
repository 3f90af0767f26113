package io.github.diffusion4j.cli;

import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * Noise on a line that begins at places between which the standard normal law has equal
 * probability, so that few paths tell where all of them go.
 *
 * @param fresh where the noise of the steps comes from
 */
record EvenNoise(NoiseSource fresh) implements NoiseSource {
  @Override
  public Tensor xT(long... shape) {
    float[] share = new float[Math.toIntExact(shape[0])];
    for (int i = 0; i < share.length; i++) {
      share[i] = (i + 0.5f) / share.length;
    }
    return Functions.normalQuantile(Tensor.of(share, shape));
  }

  @Override
  public Tensor z(int draw, long... shape) {
    return fresh.z(draw, shape);
  }
}
