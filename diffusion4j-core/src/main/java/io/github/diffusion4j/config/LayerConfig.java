package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * Details shared by all layers of a U-Net.
 *
 * @param groups groups of the group normalization; empty means one per four channels, 32 at most,
 *     which only {@link BlockKind#SKIP} and {@link BlockKind#K} levels can have
 * @param stabilizer the small number added to the variance in it
 * @param dropout probability with which an activation is dropped in training
 * @param headWidth channels of one attention head; empty means one head over all channels, or what
 *     {@code heads} says
 * @param downsampling how borders are treated when the resolution is halved
 * @param timeEmbedding how time becomes a vector
 * @param initialization how the weights begin
 * @param blocks how the blocks differ from DDPM's; empty means not at all
 * @param heads how many attention heads there are, in networks that fix their number and not their
 *     width
 */
public record LayerConfig(
    Optional<Integer> groups,
    double stabilizer,
    double dropout,
    Optional<Integer> headWidth,
    Downsampling downsampling,
    TimeEmbeddingConfig timeEmbedding,
    Initialization initialization,
    Optional<BlockConfig> blocks,
    Optional<HeadCount> heads) {

  /** The most groups that {@link #groupsByWidth} gives. */
  public static final int MOST_GROUPS = 32;

  /** How a 3x3 convolution of stride 2 treats the border. */
  public enum Downsampling {
    /** One pixel of zeros on every side, diffusers' default. */
    SYMMETRIC,
    /** One pixel of zeros at the right and the bottom, as TensorFlow's SAME does and Ho uses. */
    RIGHT_BOTTOM
  }

  /** How the weights begin. */
  public enum Initialization {
    /** PyTorch's default for every layer, as diffusers does. */
    TORCH,
    /** PyTorch's default, but zeros for the last layer of each residual branch and the output. */
    TORCH_ZERO,
    /** Uniform with variance 1 / fan average; zeros as in {@link #TORCH_ZERO}: Ho's. */
    HO
  }

  /** diffusers' defaults: 32 groups, heads of 8 channels. */
  public static final LayerConfig DEFAULT =
      new LayerConfig(
          32,
          1e-5,
          0.0,
          Optional.of(8),
          Downsampling.SYMMETRIC,
          TimeEmbeddingConfig.DEFAULT,
          Initialization.TORCH);

  /** Refuses values that no network can have. */
  public LayerConfig {
    Require.positive("model.layers.groups", groups);
    Require.notNegative("model.layers.stabilizer", stabilizer);
    Require.probability("model.layers.dropout", dropout);
    Require.positive("model.layers.headWidth", headWidth);
    Require.that(
        heads.isEmpty() || headWidth.isEmpty(),
        "model.layers.heads",
        heads,
        "nothing, since model.layers.headWidth is given");
    blocks = blocks.filter(given -> !given.equals(BlockConfig.DDPM));
  }

  /** Layers with a number of groups. */
  public LayerConfig(
      int groups,
      double stabilizer,
      double dropout,
      Optional<Integer> headWidth,
      Downsampling downsampling,
      TimeEmbeddingConfig timeEmbedding,
      Initialization initialization,
      Optional<BlockConfig> blocks,
      Optional<HeadCount> heads) {
    this(
        Optional.of(groups),
        stabilizer,
        dropout,
        headWidth,
        downsampling,
        timeEmbedding,
        initialization,
        blocks,
        heads);
  }

  /** Layers whose attention heads have a fixed width. */
  public LayerConfig(
      int groups,
      double stabilizer,
      double dropout,
      Optional<Integer> headWidth,
      Downsampling downsampling,
      TimeEmbeddingConfig timeEmbedding,
      Initialization initialization,
      Optional<BlockConfig> blocks) {
    this(
        groups,
        stabilizer,
        dropout,
        headWidth,
        downsampling,
        timeEmbedding,
        initialization,
        blocks,
        Optional.empty());
  }

  /** Layers with DDPM's blocks. */
  public LayerConfig(
      int groups,
      double stabilizer,
      double dropout,
      Optional<Integer> headWidth,
      Downsampling downsampling,
      TimeEmbeddingConfig timeEmbedding,
      Initialization initialization) {
    this(
        groups,
        stabilizer,
        dropout,
        headWidth,
        downsampling,
        timeEmbedding,
        initialization,
        Optional.empty());
  }

  /** Returns these layers as they are on the way up, where there may be another number of heads. */
  public LayerConfig ascending() {
    Optional<HeadCount> up =
        heads.flatMap(HeadCount::up).map(n -> new HeadCount(n, Optional.empty()));
    return new LayerConfig(
        groups,
        stabilizer,
        dropout,
        headWidth,
        downsampling,
        timeEmbedding,
        initialization,
        blocks,
        up.or(() -> heads));
  }

  /** Returns the channels of one head of an attention over {@code channels}, not of the way up. */
  public int headWidth(int channels) {
    return heads.map(count -> channels / count.down()).or(() -> headWidth).orElse(channels);
  }

  /** Returns how many groups {@code channels} are normalized in. */
  public int groupsOf(int channels) {
    return groups.orElseGet(() -> groupsByWidth(channels));
  }

  /** Returns one group per four channels, 32 at most. */
  public static int groupsByWidth(int channels) {
    return Math.min(channels / 4, MOST_GROUPS);
  }

  /** Returns what the blocks are made of. */
  public BlockConfig block() {
    return blocks.orElse(BlockConfig.DDPM);
  }
}
