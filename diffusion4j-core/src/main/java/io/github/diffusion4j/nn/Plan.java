package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.UNetConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Which channels enter and leave every block of a U-Net.
 *
 * @param down levels on the way down, full resolution first
 * @param up levels on the way up, lowest resolution first
 * @param timeWidth length of the time embedding
 */
record Plan(List<Level> down, List<Level> up, int timeWidth) {

  /** The channels of one residual block. */
  record Channels(int in, int out) {}

  /** How the resolution changes behind the blocks of a level. */
  enum Exit {
    CONVOLUTION,
    RESIDUAL,
    NONE;

    private static Exit of(BlockKind kind, Resampling behindAttention) {
      return switch (kind) {
        case RESIDUAL -> CONVOLUTION;
        case RESAMPLING_RESIDUAL -> RESIDUAL;
        case ATTENTION ->
            switch (behindAttention) {
              case CONVOLUTION -> CONVOLUTION;
              case RESIDUAL -> RESIDUAL;
            };
      };
    }
  }

  /**
   * One level.
   *
   * @param size height and width inside it, in pixels, for images of the configured size
   */
  record Level(List<Channels> blocks, BlockKind kind, Exit exit, int size) {
    int width() {
      return blocks.get(blocks.size() - 1).out();
    }
  }

  static Plan of(UNetConfig config) {
    Deque<Integer> skips = new ArrayDeque<>();
    List<Level> down = new ArrayList<>();
    int width = config.widths().get(0);
    skips.push(width);
    for (int i = 0; i < config.levels(); i++) {
      List<Channels> blocks = new ArrayList<>();
      for (int block = 0; block < config.blocksPerLevel(); block++) {
        blocks.add(new Channels(width, config.widths().get(i)));
        width = config.widths().get(i);
        skips.push(width);
      }
      BlockKind kind = config.blocks().get(i);
      Resampling downsampler = config.layers().block().downsampler();
      Exit exit = i < config.levels() - 1 ? Exit.of(kind, downsampler) : Exit.NONE;
      if (exit != Exit.NONE) {
        skips.push(width);
      }
      down.add(new Level(blocks, kind, exit, config.size() >> i));
    }
    return new Plan(down, up(config, skips), config.timeWidth());
  }

  private static List<Level> up(UNetConfig config, Deque<Integer> skips) {
    List<Level> up = new ArrayList<>();
    int width = config.widths().get(config.levels() - 1);
    for (int i = config.levels() - 1; i >= 0; i--) {
      List<Channels> blocks = new ArrayList<>();
      for (int block = 0; block <= config.blocksPerLevel(); block++) {
        blocks.add(new Channels(width + skips.pop(), config.widths().get(i)));
        width = config.widths().get(i);
      }
      BlockKind kind = config.ascent().get(i);
      Resampling upsampler = config.layers().block().upsampler();
      Exit exit = i > 0 ? Exit.of(kind, upsampler) : Exit.NONE;
      up.add(new Level(blocks, kind, exit, config.size() >> i));
    }
    return up;
  }
}
