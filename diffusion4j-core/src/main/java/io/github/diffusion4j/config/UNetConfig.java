package io.github.diffusion4j.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The shape of a U-Net; one to one with the options of diffusers' {@code UNet2DModel}.
 *
 * @param channels channels of an image
 * @param size height of the images it is trained on, in pixels, and their width unless {@code
 *     extent} says otherwise
 * @param widths channels of each level, from full resolution down ({@code block_out_channels})
 * @param blocks what each level is made of, from full resolution down
 * @param middle what stands at the bottom
 * @param blocksPerLevel residual blocks per level on the way down; one more on the way up
 * @param layers the details of the layers
 * @param classes number of class labels, or empty for an unconditional network
 * @param outputChannels channels of the answer: twice as many as an image has if the variance of
 *     the reverse steps is learned too; empty means as many
 * @param upBlocks what each level is made of on the way up, from full resolution down; empty means
 *     as on the way down
 * @param classEmbedding how a class label becomes a vector; empty means that {@code classes}
 *     decides: a table, or no labels at all
 * @param inputRange the range of what the network is given; empty means centered
 * @param extent what is said of the images if they are not squares of a known size
 */
public record UNetConfig(
    int channels,
    int size,
    List<Integer> widths,
    List<BlockKind> blocks,
    MiddleKind middle,
    int blocksPerLevel,
    LayerConfig layers,
    Optional<Integer> classes,
    Optional<Integer> outputChannels,
    Optional<List<BlockKind>> upBlocks,
    Optional<ClassEmbeddingKind> classEmbedding,
    Optional<InputRange> inputRange,
    Optional<Extent> extent)
    implements ImageModelConfig {

  /** Copies the lists and refuses shapes that cannot be built. */
  public UNetConfig {
    widths = List.copyOf(widths);
    blocks = List.copyOf(blocks);
    Require.positive("model.channels", channels);
    Require.positive("model.size", size);
    Require.positive("model.blocksPerLevel", blocksPerLevel);
    Require.that(!widths.isEmpty(), "model.widths", widths, "one width per level, at least one");
    requireLevels(widths, blocks, "model.blocks");
    for (int width : widths) {
      Require.that(width > 0, "model.widths", widths, "whole numbers above 0");
    }
    int factor = 1 << (widths.size() - 1);
    Require.that(
        size % factor == 0, "model.size", size, "a multiple of 2^(levels − 1) = " + factor);
    int width = widthOf(size, extent);
    Require.that(
        width % factor == 0,
        "model.extent.width",
        width,
        "a multiple of 2^(levels − 1) = " + factor);
    Require.positive("model.classes", classes);
    Require.positive("model.outputChannels", outputChannels);
    List<BlockKind> down = blocks;
    upBlocks = upBlocks.map(List::copyOf).filter(given -> !given.equals(down));
    inputRange = inputRange.filter(range -> range != InputRange.CENTERED);
    List<BlockKind> up = upBlocks.orElse(blocks);
    requireLevels(widths, up, "model.upBlocks");
    requireClasses(classes, classEmbedding);
    requireFrequencies(widths.get(0) / 2, layers.timeEmbedding());
    LevelRules.requireDown(blocks, channels);
    LevelRules.requireUp(up, outputChannels.orElse(channels));
    LevelRules.requireK(blocks, up, widths);
    LevelRules.requireWidths(widths, blocks, layers);
    LevelRules.requireWidths(widths, up, layers);
    LevelRules.requireHeads(widths, blocks, layers);
    LevelRules.requireHeads(widths, up, layers.ascending());
    LevelRules.requireNorm(widths, widths.get(0), layers);
    int lowest = widths.get(widths.size() - 1);
    if (middle != MiddleKind.NONE) {
      LevelRules.requireNorm(widths, lowest, layers);
    }
    if (middle == MiddleKind.ATTENTION) {
      LevelRules.requireHeads(List.of(lowest), List.of(BlockKind.ATTENTION), layers);
      for (int groups : layers.block().middleGroups().stream().toList()) {
        Require.that(
            lowest % groups == 0,
            "model.layers.blocks.middleGroups",
            groups,
            "a divisor of the lowest width, " + lowest);
      }
    }
  }

  /** A network for square images. */
  public UNetConfig(
      int channels,
      int size,
      List<Integer> widths,
      List<BlockKind> blocks,
      MiddleKind middle,
      int blocksPerLevel,
      LayerConfig layers,
      Optional<Integer> classes,
      Optional<Integer> outputChannels,
      Optional<List<BlockKind>> upBlocks,
      Optional<ClassEmbeddingKind> classEmbedding,
      Optional<InputRange> inputRange) {
    this(
        channels,
        size,
        widths,
        blocks,
        middle,
        blocksPerLevel,
        layers,
        classes,
        outputChannels,
        upBlocks,
        classEmbedding,
        inputRange,
        Optional.empty());
  }

  /** A network whose answer has as many channels as an image. */
  public UNetConfig(
      int channels,
      int size,
      List<Integer> widths,
      List<BlockKind> blocks,
      MiddleKind middle,
      int blocksPerLevel,
      LayerConfig layers,
      Optional<Integer> classes) {
    this(
        channels,
        size,
        widths,
        blocks,
        middle,
        blocksPerLevel,
        layers,
        classes,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A network with attention in its middle, as Ho's. */
  public UNetConfig(
      int channels,
      int size,
      List<Integer> widths,
      List<BlockKind> blocks,
      int blocksPerLevel,
      LayerConfig layers,
      Optional<Integer> classes) {
    this(channels, size, widths, blocks, MiddleKind.ATTENTION, blocksPerLevel, layers, classes);
  }

  @Override
  public double dropout() {
    return layers.dropout();
  }

  @Override
  public UNetConfig withOutputChannels(int outputChannels) {
    return new UNetConfig(
        channels,
        size,
        widths,
        blocks,
        middle,
        blocksPerLevel,
        layers,
        classes,
        Optional.of(outputChannels),
        upBlocks,
        classEmbedding,
        inputRange,
        extent);
  }

  @Override
  public int imageWidth() {
    return widthOf(size, extent);
  }

  private static int widthOf(int size, Optional<Extent> extent) {
    return extent.orElse(null) instanceof Extent.Rectangle rectangle ? rectangle.width() : size;
  }

  /** Returns the number of levels. */
  public int levels() {
    return widths.size();
  }

  /** Returns what each level is made of on the way up, from full resolution down. */
  public List<BlockKind> ascent() {
    return upBlocks.orElse(blocks);
  }

  /** Returns how a class label becomes a vector, or nothing for an unconditional network. */
  public Optional<ClassEmbeddingKind> labels() {
    return classEmbedding.or(() -> classes.map(count -> ClassEmbeddingKind.TABLE));
  }

  /** Returns the length of the vector that time becomes. */
  public int timeWidth() {
    return layers.timeEmbedding().width().orElse(4 * widths.get(0));
  }

  private static void requireLevels(List<Integer> widths, List<BlockKind> blocks, String name) {
    Require.that(
        blocks.size() == widths.size(), name, blocks, "as many as widths, which are " + widths);
  }

  private static void requireFrequencies(int count, TimeEmbeddingConfig embedding) {
    boolean fixed = !(embedding.kind() instanceof TimeFeatures.Positional);
    Require.that(
        fixed || count < 2 || embedding.frequencyShift() != count,
        "model.layers.timeEmbedding.frequencyShift",
        embedding.frequencyShift(),
        String.format(Locale.ROOT, "not half the first width, %d", count));
  }

  private static void requireClasses(
      Optional<Integer> classes, Optional<ClassEmbeddingKind> embedding) {
    boolean table = embedding.equals(Optional.of(ClassEmbeddingKind.TABLE));
    Require.that(
        !table || classes.isPresent(), "model.classes", "missing", "a number, for a table");
  }
}
