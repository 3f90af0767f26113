package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The network of DDPM: it sees a noisy image and the time, and answers with an image of the same
 * shape, which training makes the noise (or whatever else is to be predicted).
 *
 * <p>Names and meaning of all parameters are those of diffusers' {@code UNet2DModel}. The network
 * owns its parameters, whatever {@link io.github.diffusion4j.torch.Scope} is open while it is made;
 * {@link #close()} frees them.
 */
public final class UNet extends Layer implements Network {
  private final UNetConfig config;
  private final Conv2d entry;
  private final TimeEmbedding timeEmbedding;
  private final Optional<ClassEmbedding> classEmbedding;
  private final List<DownLevel> down = new ArrayList<>();
  private final List<UpLevel> up = new ArrayList<>();
  private final MiddleBlock middle;
  private final GroupNorm exitNorm;
  private final Conv2d exit;

  /** Makes a network with weights drawn from {@code seed}, each from a stream of its name. */
  public UNet(UNetConfig config, Seed seed) {
    this.config = config;
    Plan plan = Plan.of(config);
    var layers = config.layers();
    Start start = Start.ordinary(layers.initialization());
    int first = config.widths().get(0);
    int lowest = config.widths().get(config.levels() - 1);
    entry = child("conv_in", Conv2d.same(config.channels(), first, start));
    timeEmbedding =
        child(
            "time_embedding",
            new TimeEmbedding(first, plan.timeWidth(), layers.timeEmbedding(), start));
    classEmbedding =
        config
            .classes()
            .map(count -> child("class_embedding", new ClassEmbedding(count, plan.timeWidth())));
    for (Plan.Level level : plan.down()) {
      DownLevel layer = new DownLevel(level, plan.timeWidth(), layers);
      down.add(child("down_blocks." + down.size(), layer));
    }
    for (Plan.Level level : plan.up()) {
      UpLevel layer = new UpLevel(level, plan.timeWidth(), layers);
      up.add(child("up_blocks." + up.size(), layer));
    }
    middle = child("mid_block", new MiddleBlock(lowest, config.middle(), plan.timeWidth(), layers));
    exitNorm = child("conv_norm_out", new GroupNorm(first, layers.groups(), layers.stabilizer()));
    Start last = Start.last(layers.initialization());
    exit = child("conv_out", Conv2d.same(first, config.outputs(), last));
    initialize(seed);
  }

  @Override
  public UNetConfig config() {
    return config;
  }

  /**
   * Returns the prediction for noisy images.
   *
   * @param x F32 [N, C, H, W]; H and W are multiples of 2^(levels − 1)
   * @param time F32 or I64 [N], counted from 0 as published networks do
   * @param labels I64 [N] for a conditional network, empty for an unconditional one
   * @param dropout what happens to activations; {@link Dropout#NONE} outside training
   * @return F32 [N, O, H, W], O being the output channels of the configuration
   * @throws IllegalArgumentException if a shape does not fit, or labels are missing or superfluous
   */
  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels, Dropout dropout) {
    requireShapes(x, time, labels);
    Tensor embedded = embed(time, labels);
    // Not channels-last: libtorch 2.10's group normalization is up to 50 times slower in that
    // layout
    // on a CPU, which costs more than the convolutions gain.
    Tensor h = entry.forward(x.contiguous());
    Deque<Tensor> skips = new ArrayDeque<>();
    skips.push(h);
    for (DownLevel level : down) {
      h = level.forward(h, embedded, dropout, skips);
    }
    h = middle.forward(h, embedded, dropout);
    for (UpLevel level : up) {
      h = level.forward(h, embedded, dropout, skips);
    }
    return exit.forward(Functions.silu(exitNorm.forward(h)));
  }

  /** Returns the floating-point operations of {@link #forward} for one image; see {@link Cost}. */
  public long flopsPerImage() {
    return Cost.flopsPerImage(config);
  }

  /** Returns what every residual block gets; the activation is shared by all of them. */
  private Tensor embed(Tensor time, Optional<Tensor> labels) {
    Tensor sum = timeEmbedding.forward(time);
    if (classEmbedding.isPresent()) {
      sum = sum.plus(classEmbedding.get().forward(labels.orElseThrow()));
    }
    return Functions.silu(sum);
  }

  private void requireShapes(Tensor x, Tensor time, Optional<Tensor> labels) {
    long[] shape = x.shape();
    int factor = 1 << (config.levels() - 1);
    if (shape.length != 4
        || shape[1] != config.channels()
        || shape[2] % factor != 0
        || shape[3] % factor != 0) {
      throw new IllegalArgumentException(
          "x is %s; allowed: [N, %d, H, W] with H and W multiples of %d, such as [N, %2$d, %4$d, %4$d]"
              .formatted(Arrays.toString(shape), config.channels(), factor, config.size()));
    }
    requireOnePerImage("time", time, shape[0]);
    if (labels.isPresent() != config.classes().isPresent()) {
      throw new IllegalArgumentException(
          config.classes().isPresent()
              ? "the network has %d classes and needs labels [N]".formatted(config.classes().get())
              : "the network is unconditional and takes no labels");
    }
    labels.ifPresent(given -> requireOnePerImage("labels", given, shape[0]));
  }

  private static void requireOnePerImage(String name, Tensor given, long images) {
    if (!Arrays.equals(given.shape(), new long[] {images})) {
      throw new IllegalArgumentException(
          "%s is %s; allowed: one per image, [%d]"
              .formatted(name, Arrays.toString(given.shape()), images));
    }
  }
}
