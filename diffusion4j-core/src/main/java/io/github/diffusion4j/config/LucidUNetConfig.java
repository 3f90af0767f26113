package io.github.diffusion4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The shape of the U-Net of lucidrains' denoising-diffusion-pytorch; one to one with the options of
 * its {@code Unet}.
 *
 * @param channels channels of an image
 * @param size height and width of the images it is trained on, in pixels
 * @param width the unit of the widths; the time embedding has four times as many numbers ({@code
 *     dim})
 * @param entryWidth channels behind the first convolution ({@code init_dim}); empty means {@code
 *     width}
 * @param levels its resolutions, from full resolution down
 * @param time what the time embedding is given
 * @param layers what all layers have in common
 * @param selfConditioning whether it is shown its last estimate
 * @param outputChannels channels of the answer ({@code out_dim}); empty means as many as an image
 *     has
 */
public record LucidUNetConfig(
    int channels,
    int size,
    int width,
    Optional<Integer> entryWidth,
    List<LucidLevelConfig> levels,
    LucidTimeFeatures time,
    LucidLayerConfig layers,
    SelfConditioning selfConditioning,
    Optional<Integer> outputChannels)
    implements ImageModelConfig {

  /** Whether a network is shown its last estimate of x₀ beside the noisy image. */
  public enum SelfConditioning {
    /** It sees the noisy image only. */
    NONE,
    /** It sees its last estimate too, or zeros where there is none ({@code self_condition}). */
    LAST_ESTIMATE
  }

  /** Copies the list and refuses shapes that cannot be built. */
  public LucidUNetConfig {
    levels = List.copyOf(levels);
    Require.positive("model.channels", channels);
    Require.positive("model.size", size);
    Require.positive("model.outputChannels", outputChannels);
    Require.that(width >= 4 && width % 2 == 0, "model.width", width, "an even number, 4 or above");
    Require.positive("model.entryWidth", entryWidth);
    entryWidth = entryWidth.filter(entry -> entry != width);
    Require.that(!levels.isEmpty(), "model.levels", levels, "at least one");
    int factor = 1 << (levels.size() - 1);
    Require.that(
        size % factor == 0, "model.size", size, "a multiple of 2^(levels − 1) = " + factor);
    if (layers.generation() != LucidGeneration.ROOT_MEAN_SQUARE) {
      int entry = entryWidth.orElse(width);
      Require.that(
          entry % layers.groups() == 0 && width % layers.groups() == 0,
          "model.layers.groups",
          layers.groups(),
          String.format(Locale.ROOT, "a divisor of the widths, %d and %d", entry, width));
    }
  }

  /** Returns the channels behind the first convolution and behind each level. */
  public List<Integer> widths() {
    List<Integer> widths = new ArrayList<>(List.of(entryWidth.orElse(width)));
    levels.forEach(level -> widths.add(width * level.multiplier()));
    return widths;
  }

  /**
   * Returns the level of the lowest resolution, whose heads the attention in the middle has too.
   */
  public LucidLevelConfig lowestLevel() {
    return levels.get(levels.size() - 1);
  }

  /** Returns the channels that the network is given: its last estimate, if any, and the image. */
  public int inputs() {
    return switch (selfConditioning) {
      case NONE -> channels;
      case LAST_ESTIMATE -> 2 * channels;
    };
  }

  /** Returns the length of the time embedding. */
  public int timeWidth() {
    return 4 * width;
  }

  @Override
  public Optional<Integer> classes() {
    return Optional.empty();
  }

  @Override
  public double dropout() {
    return layers.dropout();
  }

  @Override
  public LucidUNetConfig withOutputChannels(int outputChannels) {
    return new LucidUNetConfig(
        channels,
        size,
        width,
        entryWidth,
        levels,
        time,
        layers,
        selfConditioning,
        Optional.of(outputChannels));
  }
}
