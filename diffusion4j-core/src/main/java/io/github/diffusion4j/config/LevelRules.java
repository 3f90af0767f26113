package io.github.diffusion4j.config;

import java.util.List;
import java.util.Locale;

/**
 * Which levels fit together. What diffusers' {@code UNet2DModel} would build and then fail to run
 * is refused here, with the reason.
 */
final class LevelRules {
  /** Channels of the image that goes beside skip levels; fixed in diffusers. */
  private static final int IMAGE_CHANNELS = 3;

  /** Channels of a level with K blocks at least: their norms have a group per 32 channels. */
  private static final int LEAST_K_WIDTH = 32;

  /** Groups of the norm in front of the attention of a skip level. */
  private static final int ATTENTION_GROUPS = 32;

  private LevelRules() {}

  /** Refuses levels on the way down, full resolution first. */
  static void requireDown(List<BlockKind> blocks, int channels) {
    for (int level = 0; level < blocks.size() - 1; level++) {
      if (blocks.get(level).skips()) {
        Require.that(channels == IMAGE_CHANNELS, "model.channels", channels, "3, for skip levels");
        Require.that(
            blocks.subList(0, level).stream().allMatch(BlockKind::skips),
            "model.blocks",
            blocks,
            "skip levels only above a skip level, which hand it the image at its resolution");
      }
    }
  }

  /** Refuses levels on the way up, full resolution first. */
  static void requireUp(List<BlockKind> blocks, int outputs) {
    for (int level = 1; level < blocks.size(); level++) {
      if (blocks.get(level).skips()) {
        Require.that(
            outputs == IMAGE_CHANNELS, "model.outputChannels", outputs, "3, for skip levels");
        Require.that(
            blocks.subList(0, level).stream().allMatch(BlockKind::skips),
            "model.upBlocks",
            blocks,
            "skip levels only above a skip level, which enlarge the image that it hands them");
      }
    }
  }

  /** Refuses K levels that do not find what they need on the other side. */
  static void requireK(List<BlockKind> down, List<BlockKind> up, List<Integer> widths) {
    for (int level = 1; level < widths.size(); level++) {
      boolean k = up.get(level) == BlockKind.K;
      Require.that(
          k == (down.get(level - 1) == BlockKind.K),
          "model.upBlocks",
          up,
          "k at a level if and only if the way down has k one level above, here " + down);
      Require.that(
          k == (up.get(level - 1) == BlockKind.K)
              || widths.get(level).equals(widths.get(level - 1)),
          "model.widths",
          widths,
          "equal ones where k levels meet others on the way up");
    }
  }

  /** Refuses widths that the norms of a level cannot have. */
  static void requireWidths(List<Integer> widths, List<BlockKind> blocks, LayerConfig layers) {
    for (int level = 0; level < widths.size(); level++) {
      int width = widths.get(level);
      switch (blocks.get(level)) {
        case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> {
          int groups =
              layers
                  .groups()
                  .orElseThrow(
                      () ->
                          new UserException(
                              "model.layers.groups is missing; allowed: a whole number above 0"));
          requireMultiples(widths, width, groups);
        }
        case SKIP -> Require.that(width >= 4, "model.widths", widths, "4 or more, for skip levels");
        case ATTENTION_SKIP ->
            Require.that(
                width % ATTENTION_GROUPS == 0,
                "model.widths",
                widths,
                "multiples of 32, for the attention of skip levels");
        case K ->
            Require.that(
                width >= LEAST_K_WIDTH, "model.widths", widths, "32 or more, for k levels");
      }
    }
  }

  private static void requireMultiples(List<Integer> widths, int width, int groups) {
    Require.that(
        width % groups == 0,
        "model.widths",
        widths,
        "multiples of model.layers.groups = " + groups);
  }

  /** Refuses a width in front of the last layer, or in the middle, that its norm cannot have. */
  static void requireNorm(List<Integer> widths, int width, LayerConfig layers) {
    layers.groups().ifPresent(groups -> requireMultiples(widths, width, groups));
    int groups = layers.groupsOf(width);
    Require.that(
        groups > 0 && width % groups == 0,
        "model.widths",
        widths,
        "such as one group per four channels, 32 at most, divides");
  }

  /** Refuses heads that are wider than a level. */
  static void requireHeads(List<Integer> widths, List<BlockKind> blocks, LayerConfig layers) {
    for (int headWidth : layers.headWidth().stream().toList()) {
      for (int level = 0; level < widths.size(); level++) {
        int width = widths.get(level);
        Require.that(
            !blocks.get(level).attends() || headWidth <= width,
            "model.layers.headWidth",
            headWidth,
            String.format(Locale.ROOT, "at most %d, the width that attention has", width));
      }
    }
    for (HeadCount heads : layers.heads().stream().toList()) {
      for (int level = 0; level < widths.size(); level++) {
        int width = widths.get(level);
        Require.that(
            !blocks.get(level).attends() || width % heads.down() == 0,
            "model.layers.heads",
            heads.down(),
            String.format(Locale.ROOT, "a divisor of %d, the width that attention has", width));
      }
    }
  }
}
