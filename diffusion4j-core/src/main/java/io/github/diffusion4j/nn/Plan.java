package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Which channels enter and leave every block of a U-Net, for whoever builds one: this library's
 * layers, or a graph for another runtime.
 *
 * @param down levels on the way down, full resolution first
 * @param up levels on the way up, lowest resolution first
 * @param timeWidth length of the time embedding
 */
public record Plan(List<Level> down, List<Level> up, int timeWidth) {
  private static final int K_GROUP = 32;

  /**
   * The channels of one residual block, and the groups that its two norms divide them into.
   *
   * @param in what enters it
   * @param out what leaves it
   * @param groupsIn groups of the norm in front of the first convolution
   * @param groupsOut groups of the norm in front of the second
   */
  public record Channels(int in, int out, int groupsIn, int groupsOut) {
    /** Refuses groups that do not divide the channels. */
    public Channels {
      if (groupsIn < 1 || groupsOut < 1 || in % groupsIn != 0 || out % groupsOut != 0) {
        throw new UserException(
            String.format(
                    Locale.ROOT,
                    "model.widths give a block with %d and %d channels, whose norms have %d and %d groups;",
                    in,
                    out,
                    groupsIn,
                    groupsOut)
                + " allowed: widths that the groups divide");
      }
    }

    /** A block of the ordinary groups. */
    static Channels of(int in, int out, LayerConfig config) {
      return new Channels(in, out, config.groupsOf(in), config.groupsOf(out));
    }

    /** A block that keeps its channels. */
    public static Channels through(int channels, LayerConfig config) {
      return of(channels, channels, config);
    }

    /** A block of one group per four channels, 32 at most. */
    public static Channels byWidth(int in, int out) {
      return new Channels(in, out, LayerConfig.groupsByWidth(in), LayerConfig.groupsByWidth(out));
    }

    /** A block on the way up with attention behind the last: its groups are diffusers' own. */
    static Channels joining(int width, int skip, int out) {
      int groups = Math.min(width + skip / 4, LayerConfig.MOST_GROUPS);
      return new Channels(width + skip, out, groups, LayerConfig.groupsByWidth(out));
    }

    /**
     * A block of one group per 32 channels.
     *
     * @param width of the level, which its second norm goes by whatever it gives
     */
    static Channels adaptive(int in, int out, int width) {
      return new Channels(in, out, in / K_GROUP, width / K_GROUP);
    }
  }

  /** How the resolution changes behind the blocks of a level. */
  public enum Exit {
    /** By one convolution. */
    CONVOLUTION,
    /** In a residual block. */
    RESIDUAL,
    /** In a residual block with a filter. */
    FILTERED_RESIDUAL,
    /** By a filter. */
    FILTER,
    /** Not at all. */
    NONE;

    private static Exit of(BlockKind kind, Resampling behindAttention) {
      return switch (kind) {
        case RESIDUAL -> CONVOLUTION;
        case RESAMPLING_RESIDUAL -> RESIDUAL;
        case SKIP, ATTENTION_SKIP -> FILTERED_RESIDUAL;
        case K -> FILTER;
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
   * @param blocks its residual blocks, the first one first
   * @param kind what it is made of
   * @param exit how the resolution changes behind it
   * @param pixels of the images inside it, for images of the configured size
   * @param attentions how many of the blocks have attention behind them
   */
  public record Level(
      List<Channels> blocks, BlockKind kind, Exit exit, long pixels, int attentions) {
    /** Returns the channels that leave the last block. */
    public int width() {
      return blocks.get(blocks.size() - 1).out();
    }
  }

  /** Returns the plan of the network that {@code config} describes. */
  public static Plan of(UNetConfig config) {
    Deque<Integer> left = new ArrayDeque<>();
    List<Level> down = new ArrayList<>();
    int width = config.widths().get(0);
    left.push(width);
    for (int i = 0; i < config.levels(); i++) {
      BlockKind kind = config.blocks().get(i);
      int out = config.widths().get(i);
      List<Channels> blocks = new ArrayList<>();
      for (int block = 0; block < config.blocksPerLevel(); block++) {
        blocks.add(down(kind, width, out, config.layers()));
        width = out;
        left.push(width);
      }
      Resampling downsampler = config.layers().block().downsampler();
      Exit exit = i < config.levels() - 1 ? Exit.of(kind, downsampler) : Exit.NONE;
      if (exit != Exit.NONE && exit != Exit.FILTER) {
        left.push(width);
      }
      int attentions = kind.attends() ? blocks.size() : 0;
      down.add(new Level(blocks, kind, exit, pixels(config, i), attentions));
    }
    return new Plan(down, up(config, left), config.timeWidth());
  }

  private static long pixels(UNetConfig config, int level) {
    return (long) (config.size() >> level) * (config.imageWidth() >> level);
  }

  private static List<Level> up(UNetConfig config, Deque<Integer> left) {
    List<Level> up = new ArrayList<>();
    int width = config.widths().get(config.levels() - 1);
    for (int i = config.levels() - 1; i >= 0; i--) {
      BlockKind kind = config.ascent().get(i);
      int out = config.widths().get(i);
      List<Channels> blocks = new ArrayList<>();
      if (kind == BlockKind.K) {
        blocks.addAll(adaptive(width, out, config.widths().get(Math.max(i - 1, 0)), config, left));
      } else {
        for (int block = 0; block <= config.blocksPerLevel(); block++) {
          blocks.add(up(kind, width, left.pop(), out, config.layers()));
          width = out;
        }
      }
      Resampling upsampler = config.layers().block().upsampler();
      Exit exit = i > 0 ? Exit.of(kind, upsampler) : Exit.NONE;
      int attentions =
          switch (kind) {
            case ATTENTION -> blocks.size();
            case ATTENTION_SKIP -> 1;
            case RESIDUAL, RESAMPLING_RESIDUAL, SKIP, K -> 0;
          };
      Level level = new Level(blocks, kind, exit, pixels(config, i), attentions);
      width = level.width();
      up.add(level);
    }
    return up;
  }

  private static Channels down(BlockKind kind, int in, int out, LayerConfig layers) {
    return switch (kind) {
      case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> Channels.of(in, out, layers);
      case SKIP, ATTENTION_SKIP -> Channels.byWidth(in, out);
      case K -> Channels.adaptive(in, out, out);
    };
  }

  private static Channels up(BlockKind kind, int width, int skip, int out, LayerConfig layers) {
    return switch (kind) {
      case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> Channels.of(width + skip, out, layers);
      case SKIP -> Channels.byWidth(width + skip, out);
      case ATTENTION_SKIP -> Channels.joining(width, skip, out);
      case K -> throw new AssertionError(kind);
    };
  }

  /** The blocks of a K level on the way up, the last of which gives what the next one needs. */
  private static List<Channels> adaptive(
      int width, int own, int next, UNetConfig config, Deque<Integer> left) {
    List<Channels> blocks = new ArrayList<>();
    int in = width + left.element();
    for (int block = 0; block < config.blocksPerLevel(); block++) {
      left.pop();
      int out = block == config.blocksPerLevel() - 1 ? next : own;
      blocks.add(Channels.adaptive(in, out, own));
      in = out;
    }
    return blocks;
  }
}
