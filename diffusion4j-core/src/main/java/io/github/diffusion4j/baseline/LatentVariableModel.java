package io.github.diffusion4j.baseline;

import io.github.diffusion4j.torch.Tensor;

/** A model p(x) = ∫ p(x | z) p(z) dz with an encoder q(z | x), which bounds how probable x is. */
public sealed interface LatentVariableModel extends Baseline permits Vae, Hvae {
  /**
   * Estimates the evidence lower bound of each image with one draw of its latent variables.
   *
   * @param x images [N, C, H, W] whose pixels are 256 values from −1 to 1 at equal distances
   */
  Elbo elbo(Tensor x, LatentNoise noise);
}
