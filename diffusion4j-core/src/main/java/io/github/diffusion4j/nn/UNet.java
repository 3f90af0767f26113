package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
  private final TimeProjection timeProjection;
  private final TimeEmbedding timeEmbedding;
  private final Optional<UnaryOperator<Tensor>> classEmbedding;
  private final List<Level> down = new ArrayList<>();
  private final List<Level> up = new ArrayList<>();
  private final Optional<MiddleBlock> middle;
  private final GroupNorm exitNorm;
  private final Conv2d exit;

  /** Makes a network with weights drawn from {@code seed}, each from a stream of its name. */
  public UNet(UNetConfig config, Seed seed) {
    this(config);
    initialize(seed);
  }

  /** Makes a network without weights. */
  UNet(UNetConfig config) {
    this.config = config;
    Plan plan = Plan.of(config);
    var layers = config.layers();
    Start start = Start.ordinary(layers.initialization());
    int first = config.widths().get(0);
    int lowest = config.widths().get(config.levels() - 1);
    entry = child("conv_in", Conv2d.same(config.channels(), first, start));
    timeProjection = child("time_proj", TimeProjection.of(first, layers.timeEmbedding()));
    TimeEmbedding embedding = new TimeEmbedding(timeProjection, plan.timeWidth(), start);
    timeEmbedding = child("time_embedding", embedding);
    classEmbedding = config.labels().map(kind -> classEmbedding(kind, start));
    for (Plan.Level level : plan.down()) {
      Level layer = Level.down(level, plan.timeWidth(), layers);
      down.add(child("down_blocks." + down.size(), layer));
    }
    for (Plan.Level level : plan.up()) {
      Level layer = Level.up(level, plan.timeWidth(), layers.ascending());
      up.add(child("up_blocks." + up.size(), layer));
    }
    middle =
        switch (config.middle()) {
          case ATTENTION -> Optional.of(MiddleBlock.attending(lowest, plan.timeWidth(), layers));
          case RESIDUAL -> Optional.of(MiddleBlock.plain(lowest, plan.timeWidth(), layers));
          case NONE -> Optional.empty();
        };
    middle.ifPresent(layer -> child("mid_block", layer));
    int groups = layers.groupsOf(first);
    exitNorm = child("conv_norm_out", new GroupNorm(first, groups, layers.stabilizer()));
    Start last = Start.last(layers.initialization());
    exit = child("conv_out", Conv2d.same(first, config.outputs(), last));
  }

  @Override
  public UNetConfig config() {
    return config;
  }

  /**
   * Returns the prediction for noisy images.
   *
   * @param x F32 [N, C, H, W]; H and W are multiples of 2^(levels − 1)
   * @param time F32 or I64 [N], counted from 0 as published networks do; above 0, and a noise
   *     level, for a network with Fourier features
   * @param labels I64 [N] for a conditional network, F32 [N, width of the time embedding] for one
   *     whose labels are vectors, empty for an unconditional one
   * @param dropout what happens to activations; {@link Dropout#NONE} outside training
   * @return F32 [N, O, H, W], O being the output channels of the configuration
   * @throws IllegalArgumentException if a shape does not fit, or labels are missing or superfluous
   */
  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels, Dropout dropout) {
    requireShapes(x, time, labels);
    // Not channels-last: group normalization is up to 11 times slower in that layout on a CPU,
    // which costs what the convolutions gain, or more (docs/decisions/0007).
    Pass pass = pass(embed(time, labels), centered(x).contiguous(), dropout);
    Tensor h = entry.forward(pass.input());
    pass.leave(h);
    for (Level level : down) {
      h = level.forward(h, pass);
    }
    if (middle.isPresent()) {
      h = middle.get().forward(h, pass.time(), dropout);
    }
    for (Level level : up) {
      h = level.forward(h, pass);
    }
    Tensor answer = exit.forward(Functions.silu(exitNorm.forward(h)));
    return scaled(pass.answer().map(answer::plus).orElse(answer), time);
  }

  /** Returns the floating-point operations of {@link #forward} for one image; see {@link Cost}. */
  public long flopsPerImage() {
    return Cost.flopsPerImage(config);
  }

  /** Begins a pass; the activation of the embedding is shared by all residual blocks. */
  private Pass pass(Tensor embedding, Tensor x, Dropout dropout) {
    Tensor time = Nonlinearity.apply(config.layers().block().activation(), embedding);
    return new Pass(embedding, time, x, dropout);
  }

  private Tensor embed(Tensor time, Optional<Tensor> labels) {
    Tensor sum = timeEmbedding.forward(time);
    if (classEmbedding.isPresent()) {
      sum = sum.plus(classEmbedding.get().apply(labels.orElseThrow()));
    }
    return sum;
  }

  private UnaryOperator<Tensor> classEmbedding(ClassEmbeddingKind kind, Start start) {
    int width = config.timeWidth();
    return switch (kind) {
      case TABLE ->
          child("class_embedding", new ClassEmbedding(config.classes().orElseThrow(), width))
              ::forward;
      case TIMESTEP ->
          child("class_embedding", new TimeEmbedding(timeProjection, width, start))::forward;
      case IDENTITY -> labels -> labels;
    };
  }

  private Tensor centered(Tensor x) {
    return config.inputRange().isPresent() ? x.times(2).minus(1) : x;
  }

  /** A network that sees the noise level by Fourier features answers in units of it. */
  private Tensor scaled(Tensor answer, Tensor time) {
    return config.layers().timeEmbedding().kind() instanceof TimeFeatures.Fourier
        ? answer.dividedBy(time.to(DType.F32).reshape(-1, 1, 1, 1))
        : answer;
  }

  private void requireShapes(Tensor x, Tensor time, Optional<Tensor> labels) {
    long[] shape = x.shape();
    int factor = 1 << (config.levels() - 1);
    if (shape.length != 4
        || shape[1] != config.channels()
        || shape[2] % factor != 0
        || shape[3] % factor != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x is %s; allowed: [N, %d, H, W] with H and W multiples of %d, such as [N, %2$d, %4$d, %5$d]",
              Arrays.toString(shape),
              config.channels(),
              factor,
              config.size(),
              config.imageWidth()));
    }
    requireOnePerImage("time", time, shape[0]);
    requireLabels(labels, shape[0]);
  }

  private void requireLabels(Optional<Tensor> labels, long images) {
    Optional<ClassEmbeddingKind> kind = config.labels();
    if (kind.isEmpty()) {
      if (labels.isPresent()) {
        throw new IllegalArgumentException("the network is unconditional and takes no labels");
      }
      return;
    }
    String needed =
        switch (kind.get()) {
          case TABLE ->
              String.format(
                  Locale.ROOT, "has %d classes and needs labels [N]", config.classes().get());
          case TIMESTEP -> "embeds labels as it does time and needs labels [N]";
          case IDENTITY -> String.format(Locale.ROOT, "needs labels [N, %d]", config.timeWidth());
        };
    Tensor given = labels.orElseThrow(() -> new IllegalArgumentException("the network " + needed));
    if (kind.get() != ClassEmbeddingKind.IDENTITY) {
      requireOnePerImage("labels", given, images);
    } else if (!Arrays.equals(given.shape(), new long[] {images, config.timeWidth()})) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "labels are %s; the network %s",
              Arrays.toString(given.shape()),
              needed));
    }
  }

  private static void requireOnePerImage(String name, Tensor given, long images) {
    if (!Arrays.equals(given.shape(), new long[] {images})) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is %s; allowed: one per image, [%d]",
              name,
              Arrays.toString(given.shape()),
              images));
    }
  }
}
