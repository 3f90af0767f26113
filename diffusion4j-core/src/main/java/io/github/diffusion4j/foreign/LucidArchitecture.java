package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidLevelConfig.Attention;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import io.github.diffusion4j.config.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds out the shape of a network of lucidrains' from the shapes of its parameters. */
final class LucidArchitecture {
  private static final double THETA = 10_000;
  private static final int GROUPS = 8;
  private static final int DEFAULT_HEADS = 4;
  private static final int DEFAULT_INNER = 128;

  private final LucidShapes shapes;
  private final Flags flags;
  private final int width;

  LucidArchitecture(LucidShapes shapes, Flags flags) {
    this.shapes = shapes;
    this.flags = flags;
    this.width = shapes.extent("time_mlp.1.weight", 0) / 4;
  }

  /**
   * Returns the network.
   *
   * @throws UserException if a flag is needed or contradicts the shapes
   */
  LucidUNetConfig config(LucidGeneration generation) {
    int size =
        flags
            .whole("image_size")
            .orElseThrow(
                () ->
                    new UserException(
                        "the size of the images is not in the file; add it to the flags, such as"
                            + " --image_size 64"));
    int inputs = shapes.extent("init_conv.weight", 1);
    int outputs = shapes.extent("final_conv.weight", 0);
    int channels = flags.whole("channels").orElse(Math.min(inputs, outputs));
    if (inputs != channels && inputs != 2 * channels) {
      throw new UserException(
          String.format(
                  Locale.ROOT,
                  "the network takes %d channels and answers with %d; allowed: --channels of which it takes",
                  inputs,
                  outputs)
              + " as many or, if it is self-conditioned, twice as many");
    }
    return new LucidUNetConfig(
        channels,
        size,
        width,
        Optional.of(shapes.extent("init_conv.weight", 0)),
        levels(),
        time(),
        layers(generation),
        inputs == channels ? SelfConditioning.NONE : SelfConditioning.LAST_ESTIMATE,
        Optional.of(outputs).filter(count -> count != channels));
  }

  private LucidTimeFeatures time() {
    if (shapes.has("time_mlp.0.weights")) {
      return new LucidTimeFeatures.Fourier(2 * shapes.extent("time_mlp.0.weights", 0));
    }
    return new LucidTimeFeatures.Sinusoidal(flags.number("sinusoidal_pos_emb_theta").orElse(THETA));
  }

  private LucidLayerConfig layers(LucidGeneration generation) {
    int memories =
        shapes.has("mid_attn.mem_kv") ? shapes.extent("mid_attn.mem_kv", 2) : 0; // full attention
    int groups = flags.whole("resnet_block_groups").orElse(GROUPS);
    return new LucidLayerConfig(generation, groups, memories, flags.number("dropout").orElse(0.0));
  }

  private List<LucidLevelConfig> levels() {
    int count =
        (int)
            IntStream.iterate(
                    0,
                    i -> shapes.has(String.format(Locale.ROOT, "downs.%d.2.norm.g", i)),
                    i -> i + 1)
                .count();
    return IntStream.range(0, count).mapToObj(i -> level(i, count)).toList();
  }

  private LucidLevelConfig level(int i, int count) {
    String name = String.format(Locale.ROOT, "downs.%d.", i);
    int out = shapes.extent(name + (i < count - 1 ? "3.1.weight" : "3.weight"), 0);
    if (width == 0 || out % width != 0) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s3 leads to %d channels; allowed: multiples of %d, a quarter of the time embedding",
              name,
              out,
              width));
    }
    Attention attention = shapes.has(name + "2.to_out.weight") ? Attention.FULL : Attention.LINEAR;
    int inner = shapes.extent(name + "2.to_qkv.weight", 0) / 3;
    int heads = heads(name + "2.mem_kv", i, count, inner);
    return new LucidLevelConfig(out / width, attention, heads, inner / heads);
  }

  /** Memories say how many heads there are; without them the file does not. */
  private int heads(String memories, int level, int count, int inner) {
    Optional<Integer> stored =
        shapes.has(memories) ? Optional.of(shapes.extent(memories, 1)) : Optional.empty();
    Optional<Integer> given =
        ofLevel("attn_heads", level, count)
            .or(() -> ofLevel("attn_dim_head", level, count).map(d -> d < 1 ? 0 : inner / d));
    int heads = stored.or(() -> given).orElse(DEFAULT_HEADS);
    boolean usual = stored.isPresent() || given.isPresent() || inner == DEFAULT_INNER;
    if (!usual) {
      throw new UserException(
          String.format(
                  Locale.ROOT,
                  "the heads of attention are not in the file, and it has %d numbers instead of %d; add",
                  inner,
                  DEFAULT_INNER)
              + " --attn_heads to the flags");
    }
    if (heads < 1 || inner % heads != 0 || !given.orElse(heads).equals(heads)) {
      throw new UserException(
          String.format(
                  Locale.ROOT,
                  "attention of level %d has %d heads and %d numbers; allowed: --attn_heads and",
                  level,
                  heads,
                  inner)
              + " --attn_dim_head whose product they are");
    }
    return heads;
  }

  /** Returns the number for one level; a flag has one for all or one for each. */
  private Optional<Integer> ofLevel(String flag, int level, int count) {
    Optional<List<Integer>> numbers = flags.wholes(flag);
    if (numbers.isPresent() && numbers.get().size() != 1 && numbers.get().size() != count) {
      throw flags.wrong(
          flag, String.format(Locale.ROOT, "one number, or %d, one for each level", count));
    }
    return numbers.map(list -> list.get(list.size() == 1 ? 0 : level));
  }
}
