package io.github.diffusion4j.config;

import java.util.List;

/**
 * A hierarchical variational autoencoder: a latent vector, and below it latent images at every
 * resolution, each of which is drawn in view of those above.
 *
 * @param channels of an image, 1 or 3
 * @param size height and width of the images, in pixels; a multiple of 4
 * @param widths channels at each resolution, full resolution first
 * @param latent numbers of the latent vector
 * @param latentImages latent images at each resolution, full resolution first, 1 or more
 * @param latentChannels channels of a latent image
 * @param warmupSteps steps over which the weight of the divergences in the loss rises from 0 to 1
 */
public record HvaeConfig(
    int channels,
    int size,
    List<Integer> widths,
    int latent,
    List<Integer> latentImages,
    int latentChannels,
    int warmupSteps)
    implements FamilyConfig {

  /** Refuses shapes that cannot be built. */
  public HvaeConfig {
    widths = List.copyOf(widths);
    latentImages = List.copyOf(latentImages);
    Require.that(
        latentImages.size() == widths.size() && latentImages.stream().allMatch(n -> n > 0),
        "family.latentImages",
        latentImages,
        "as many numbers above 0 as there are widths");
    Require.positive("family.latentChannels", latentChannels);
    Require.notNegative("family.warmupSteps", warmupSteps);
    FamilyConfig.require(channels, size, widths, latent);
  }

  @Override
  public String title() {
    return "hierarchical variational autoencoder";
  }
}
