package io.github.diffusion4j.config;

import java.util.List;
import java.util.Locale;

/** A family of models that draw images in one pass, and the shape of its networks. */
public sealed interface FamilyConfig permits VaeConfig, HvaeConfig, GanConfig {
  /** Channels that are normalized together. */
  int GROUP = 8;

  /** Returns what such a model is called. */
  String title();

  /** Returns the channels of an image, 1 or 3. */
  int channels();

  /** Returns height and width of the images, in pixels. */
  int size();

  /** Returns the channels at each resolution, full resolution first; each next one is half. */
  List<Integer> widths();

  /** Returns the numbers of the latent vector. */
  int latent();

  /** Returns the word that names the family: vae, hvae or gan. */
  default String word() {
    return Form.kind(getClass());
  }

  /** Returns the words of all families. */
  static List<String> words() {
    return List.copyOf(Form.variants(FamilyConfig.class).keySet());
  }

  /** Returns height and width at the lowest resolution, in pixels. */
  default int smallest() {
    return size() >> (widths().size() - 1);
  }

  /** Refuses what no family can be built with. */
  static void require(int channels, int size, List<Integer> widths, int latent) {
    Require.that(channels == 1 || channels == 3, "family.channels", channels, "1, 3");
    Require.that(size > 0 && size % 4 == 0, "family.size", size, "a multiple of 4");
    requireWidths("family.widths", widths, size);
    Require.positive("family.latent", latent);
  }

  /** Refuses widths that group normalization cannot divide, and too many of them for the images. */
  static void requireWidths(String name, List<Integer> widths, int size) {
    Require.that(
        !widths.isEmpty() && widths.stream().allMatch(w -> w > 0 && w % GROUP == 0),
        name,
        widths,
        "multiples of " + GROUP);
    Require.that(
        widths.size() <= Integer.numberOfTrailingZeros(size) + 1,
        name,
        widths,
        String.format(
            Locale.ROOT,
            "at most %d of them, as family.size = %d is halved between two",
            Integer.numberOfTrailingZeros(size) + 1,
            size));
  }
}
