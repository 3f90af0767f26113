package io.github.diffusion4j.config;

import java.util.List;

/**
 * A variational autoencoder: a convolutional encoder and decoder with one Gaussian latent vector
 * between them.
 *
 * @param channels of an image, 1 or 3
 * @param size height and width of the images, in pixels; a multiple of 4
 * @param widths channels at each resolution, full resolution first
 * @param latent numbers of the latent vector
 * @param warmupSteps steps over which the weight of the divergence in the loss rises from 0 to 1
 */
public record VaeConfig(int channels, int size, List<Integer> widths, int latent, int warmupSteps)
    implements FamilyConfig {

  /** Refuses shapes that cannot be built. */
  public VaeConfig {
    widths = List.copyOf(widths);
    Require.notNegative("family.warmupSteps", warmupSteps);
    FamilyConfig.require(channels, size, widths, latent);
  }

  @Override
  public String title() {
    return "variational autoencoder";
  }
}
