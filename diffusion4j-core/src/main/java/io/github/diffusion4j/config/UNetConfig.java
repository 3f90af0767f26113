package io.github.diffusion4j.config;

import java.util.List;
import java.util.Optional;

/**
 * The shape of a U-Net; one to one with the options of diffusers' {@code UNet2DModel}.
 *
 * @param channels channels of an image
 * @param size height and width of the images it is trained on, in pixels
 * @param widths channels of each level, from full resolution down ({@code block_out_channels})
 * @param blocks what each level is made of, from full resolution down
 * @param middle what stands between the two residual blocks at the bottom: attention or nothing
 * @param blocksPerLevel residual blocks per level on the way down; one more on the way up
 * @param layers the details of the layers
 * @param classes number of class labels, or empty for an unconditional network
 * @param outputChannels channels of the answer: twice as many as an image has if the variance of
 *     the reverse steps is learned too; empty means as many
 */
public record UNetConfig(
    int channels,
    int size,
    List<Integer> widths,
    List<BlockKind> blocks,
    BlockKind middle,
    int blocksPerLevel,
    LayerConfig layers,
    Optional<Integer> classes,
    Optional<Integer> outputChannels)
    implements ModelConfig {

  /** Copies the lists and refuses shapes that cannot be built. */
  public UNetConfig {
    widths = List.copyOf(widths);
    blocks = List.copyOf(blocks);
    Require.positive("model.channels", channels);
    Require.positive("model.size", size);
    Require.positive("model.blocksPerLevel", blocksPerLevel);
    Require.that(!widths.isEmpty(), "model.widths", widths, "one width per level, at least one");
    Require.that(
        blocks.size() == widths.size(),
        "model.blocks",
        blocks,
        "as many as widths, which are " + widths);
    for (int width : widths) {
      Require.that(
          width > 0 && width % layers.groups() == 0,
          "model.widths",
          widths,
          "multiples of model.layers.groups = " + layers.groups());
    }
    int factor = 1 << (widths.size() - 1);
    Require.that(
        size % factor == 0, "model.size", size, "a multiple of 2^(levels − 1) = " + factor);
    Require.positive("model.classes", classes);
    Require.that(
        outputChannels.isEmpty()
            || outputChannels.get() == channels
            || outputChannels.get() == 2 * channels,
        "model.outputChannels",
        outputChannels.map(Object::toString).orElse("nothing"),
        "%d, or %d if the variance is learned".formatted(channels, 2 * channels));
    for (int headWidth : layers.headWidth().stream().toList()) {
      for (int level = 0; level < widths.size(); level++) {
        boolean lowest = level == widths.size() - 1;
        boolean attends =
            blocks.get(level) == BlockKind.ATTENTION || (lowest && middle == BlockKind.ATTENTION);
        Require.that(
            !attends || widths.get(level) % headWidth == 0,
            "model.layers.headWidth",
            headWidth,
            "a divisor of " + widths.get(level) + ", the width of level " + level);
      }
    }
  }

  /** A network whose answer has as many channels as an image. */
  public UNetConfig(
      int channels,
      int size,
      List<Integer> widths,
      List<BlockKind> blocks,
      BlockKind middle,
      int blocksPerLevel,
      LayerConfig layers,
      Optional<Integer> classes) {
    this(channels, size, widths, blocks, middle, blocksPerLevel, layers, classes, Optional.empty());
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
    this(channels, size, widths, blocks, BlockKind.ATTENTION, blocksPerLevel, layers, classes);
  }

  @Override
  public List<Integer> sampleShape() {
    return List.of(channels, size, size);
  }

  @Override
  public double dropout() {
    return layers.dropout();
  }

  /** Returns the same network with another number of output channels. */
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
        Optional.of(outputChannels));
  }

  /** Returns the number of channels of the answer. */
  public int outputs() {
    return outputChannels.orElse(channels);
  }

  /** Returns the number of levels. */
  public int levels() {
    return widths.size();
  }
}
