package io.github.diffusion4j.config;

import java.util.List;

/**
 * A generative adversarial network: a generator, and a discriminator that is trained against it.
 *
 * @param channels of an image, 1 or 3
 * @param size height and width of the images, in pixels; a multiple of 4
 * @param widths channels of the generator at each resolution, full resolution first
 * @param latent numbers of the vector that an image is made from
 * @param discriminatorWidths channels of the discriminator at each resolution, full one first
 * @param penalty γ, the weight of the gradient penalty R1; 0 turns it off
 * @param penaltyEverySteps distance of the steps that compute it, with as many times its weight
 */
public record GanConfig(
    int channels,
    int size,
    List<Integer> widths,
    int latent,
    List<Integer> discriminatorWidths,
    double penalty,
    int penaltyEverySteps)
    implements FamilyConfig {

  /** Refuses shapes that cannot be built. */
  public GanConfig {
    widths = List.copyOf(widths);
    discriminatorWidths = List.copyOf(discriminatorWidths);
    Require.notNegative("family.penalty", penalty);
    Require.positive("family.penaltyEverySteps", penaltyEverySteps);
    FamilyConfig.require(channels, size, widths, latent);
    FamilyConfig.requireWidths("family.discriminatorWidths", discriminatorWidths, size);
  }

  @Override
  public String title() {
    return "generative adversarial network";
  }
}
