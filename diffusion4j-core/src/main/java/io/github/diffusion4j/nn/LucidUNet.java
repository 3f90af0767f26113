package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The U-Net of lucidrains' denoising-diffusion-pytorch, whose parameters have the names of its
 * present release.
 *
 * <p>Unlike {@link UNet}, every level has attention, mostly of linear cost, the first convolution
 * sees 7x7 pixels, and its result is seen again at the end.
 */
public final class LucidUNet extends Layer implements Network {
  private static final int ENTRY_KERNEL = 7;

  private final LucidUNetConfig config;
  private final Conv2d entry;
  private final LucidTimeEmbedding timeEmbedding;
  private final List<LucidLevel> down = new ArrayList<>();
  private final List<LucidLevel> up = new ArrayList<>();
  private final LucidResidualBlock middle1;
  private final LucidAttention middleAttention;
  private final LucidResidualBlock middle2;
  private final LucidResidualBlock last;
  private final Conv2d exit;

  /** Makes a network with weights drawn from {@code seed}, each from a stream of its name. */
  public LucidUNet(LucidUNetConfig config, Seed seed) {
    this(config);
    initialize(seed);
  }

  /** Makes a network without weights. */
  LucidUNet(LucidUNetConfig config) {
    this.config = config;
    List<Integer> widths = config.widths();
    LucidLayerConfig layers = config.layers();
    int time = config.timeWidth();
    int first = widths.get(0);
    int padding = ENTRY_KERNEL / 2;
    entry =
        child(
            "init_conv", new Conv2d(config.inputs(), first, ENTRY_KERNEL, 1, padding, Start.TORCH));
    timeEmbedding = child("time_mlp", new LucidTimeEmbedding(config));
    addLevels(widths, time);
    int lowest = widths.get(widths.size() - 1);
    middle1 = child("mid_block1", new LucidResidualBlock(lowest, lowest, time, layers));
    middleAttention = child("mid_attn", new FullAttention(lowest, config.lowestLevel(), layers));
    middle2 = child("mid_block2", new LucidResidualBlock(lowest, lowest, time, layers));
    last = child("final_res_block", new LucidResidualBlock(2 * first, first, time, layers));
    exit = child("final_conv", new Conv2d(first, config.outputs(), 1, 1, 0, Start.TORCH));
  }

  private void addLevels(List<Integer> widths, int time) {
    int levels = config.levels().size();
    for (int i = 0; i < levels; i++) {
      LucidLevelConfig level = config.levels().get(i);
      LucidLevel.Place place = i < levels - 1 ? LucidLevel.Place.DOWN : LucidLevel.Place.LOWEST;
      int width = widths.get(i);
      down.add(
          child(
              "downs." + i,
              new LucidLevel(width, 0, widths.get(i + 1), time, place, level, config.layers())));
    }
    for (int i = levels - 1; i >= 0; i--) {
      LucidLevelConfig level = config.levels().get(i);
      LucidLevel.Place place = i > 0 ? LucidLevel.Place.UP : LucidLevel.Place.LAST;
      int width = widths.get(i + 1);
      int skipped = widths.get(i);
      up.add(
          child(
              "ups." + (levels - 1 - i),
              new LucidLevel(width, skipped, skipped, time, place, level, config.layers())));
    }
  }

  @Override
  public LucidUNetConfig config() {
    return config;
  }

  /**
   * Returns the prediction for noisy images.
   *
   * @param x F32 [N, C, H, W]; H and W are multiples of 2^(levels − 1). A self-conditioned network
   *     also takes [N, 2C, H, W]: its last estimate of x₀, then the noisy images; without it, it
   *     sees zeros
   * @param time F32 or I64 [N], counted from 0
   * @param labels empty: the network is unconditional
   * @param dropout what happens to activations; {@link Dropout#NONE} outside training
   * @return F32 [N, O, H, W], O being the output channels of the configuration
   * @throws IllegalArgumentException if a shape does not fit, or labels are given
   */
  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels, Dropout dropout) {
    requireShapes(x, time, labels);
    Tensor embedded = timeEmbedding.forward(time);
    Tensor stem = entry.forward(withEstimate(x).contiguous());
    Deque<Tensor> skips = new ArrayDeque<>();
    Tensor h = stem;
    for (LucidLevel level : down) {
      h = level.down(h, embedded, dropout, skips);
    }
    h = middleAttention.forward(middle1.forward(h, embedded, dropout));
    h = middle2.forward(h, embedded, dropout);
    for (LucidLevel level : up) {
      h = level.up(h, embedded, dropout, skips);
    }
    return exit.forward(last.forward(Tensor.cat(List.of(h, stem), 1), embedded, dropout));
  }

  private Tensor withEstimate(Tensor x) {
    if (x.size(1) == config.inputs()) {
      return x;
    }
    return Tensor.cat(List.of(Tensor.zeros(x.shape()).like(x), x), 1);
  }

  private void requireShapes(Tensor x, Tensor time, Optional<Tensor> labels) {
    long[] shape = x.shape();
    int factor = 1 << (config.levels().size() - 1);
    if (shape.length != 4
        || (shape[1] != config.channels() && shape[1] != config.inputs())
        || shape[2] % factor != 0
        || shape[3] % factor != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x is %s; allowed: [N, %d, H, W] with H and W multiples of %d",
              Arrays.toString(shape),
              config.channels(),
              factor));
    }
    if (!Arrays.equals(time.shape(), new long[] {shape[0]})) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "time is %s; allowed: one per image, [%d]",
              Arrays.toString(time.shape()),
              shape[0]));
    }
    if (labels.isPresent()) {
      throw new IllegalArgumentException("the network is unconditional and takes no labels");
    }
  }
}
