package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import java.util.List;
import java.util.Optional;

/**
 * Counts the arithmetic of a network without running it.
 *
 * <p>Convolutions, linear layers and the two products of attention count, at two operations per
 * multiplication with addition; norms, activations and sums do not. A training step takes about
 * three times the forward pass.
 */
public final class Cost {
  private Cost() {}

  /** Returns the operations of one forward pass of one sample. */
  public static long flopsPerSample(ModelConfig config) {
    if (config instanceof MlpConfig mlp) {
      long square = square(mlp.width());
      return 2 * (2L * mlp.dimensions() * mlp.width() + (2 + 3L * mlp.depth()) * square);
    }
    if (config instanceof LucidUNetConfig lucid) {
      return new LucidCost(lucid).flops();
    }
    return flopsPerImage((UNetConfig) config);
  }

  /** Returns roughly how many numbers a training step keeps per sample for the backward pass. */
  public static long activationsPerSample(ModelConfig config) {
    if (config instanceof MlpConfig mlp) {
      return (4L + 5L * mlp.depth()) * mlp.width();
    }
    if (config instanceof LucidUNetConfig lucid) {
      return new LucidCost(lucid).activations();
    }
    return activationsPerImage((UNetConfig) config);
  }

  /** Returns the operations of one forward pass of one image of the configured size. */
  public static long flopsPerImage(UNetConfig config) {
    Plan plan = Plan.of(config);
    long time = (long) plan.timeWidth() * ResidualBlock.timeVectors(config.layers().block());
    long first = config.widths().get(0);
    long lowest = config.widths().get(config.levels() - 1);
    long pixels = plan.down().get(0).pixels();
    long lowestPixels = plan.up().get(0).pixels();
    long products = 9 * pixels * first * (config.channels() + config.outputs()); // entry and exit
    products += embeddings(config);
    for (Plan.Level level : plan.down()) {
      products += blocks(config, level, time) + resampling(level, time, level.pixels() / 4);
    }
    for (Plan.Level level : plan.up()) {
      products += blocks(config, level, time) + resampling(level, time, 4 * level.pixels());
    }
    products +=
        switch (config.middle()) {
          case NONE -> 0;
          case RESIDUAL -> 2 * residual(lowest, lowest, time, lowestPixels);
          case ATTENTION ->
              2 * residual(lowest, lowest, time, lowestPixels)
                  + attention(config, lowest, lowestPixels);
        };
    return 2 * products;
  }

  /**
   * Returns roughly how many numbers a training step keeps per image for the backward pass: the
   * inputs of the norms, activations and convolutions of each residual block.
   */
  public static long activationsPerImage(UNetConfig config) {
    Plan plan = Plan.of(config);
    long lowest = config.widths().get(config.levels() - 1);
    long middleBlocks = config.middle() == MiddleKind.NONE ? 0 : 2;
    long numbers = middleBlocks * 7 * lowest * plan.up().get(0).pixels();
    for (List<Plan.Level> half : List.of(plan.down(), plan.up())) {
      for (Plan.Level level : half) {
        for (Plan.Channels block : level.blocks()) {
          numbers += level.pixels() * (3L * block.in() + 4L * block.out());
        }
        numbers +=
            switch (level.exit()) {
              case RESIDUAL, FILTERED_RESIDUAL -> 7 * level.pixels() * level.width();
              case CONVOLUTION, FILTER, NONE -> 0;
            };
      }
    }
    return numbers;
  }

  private static long blocks(UNetConfig config, Plan.Level level, long time) {
    long pixels = level.pixels();
    long products = 0;
    for (Plan.Channels block : level.blocks()) {
      products +=
          level.kind() == BlockKind.K
              ? adaptive(block, config.timeWidth(), pixels)
              : residual(block.in(), block.out(), time, pixels);
    }
    return products + attentions(level, config, pixels);
  }

  private static long attentions(Plan.Level level, UNetConfig config, long pixels) {
    return level.attentions() * attention(config, level.width(), pixels);
  }

  private static long residual(long in, long out, long time, long pixels) {
    long shortcut = in == out ? 0 : in * out;
    return pixels * (9 * in * out + 9 * out * out + shortcut) + time * out;
  }

  private static long attention(UNetConfig config, long channels, long pixels) {
    long head = config.layers().headWidth((int) channels);
    long inner = channels / head * head;
    return 4 * pixels * channels * inner + 2 * pixels * pixels * inner;
  }

  /** Returns the products of the linear layers that time, and class if so embedded, go through. */
  private static long embeddings(UNetConfig config) {
    long first = config.widths().get(0);
    long width = config.timeWidth();
    boolean fourier = config.layers().timeEmbedding().kind() instanceof TimeFeatures.Fourier;
    boolean twice = config.labels().equals(Optional.of(ClassEmbeddingKind.TIMESTEP));
    return (twice ? 2 : 1) * ((fourier ? 2 : 1) * first * width + width * width);
  }

  private static long adaptive(Plan.Channels block, long time, long pixels) {
    return residual(block.in(), block.out(), 0, pixels) + 2 * time * (block.in() + block.out());
  }

  private static long resampling(Plan.Level level, long time, long pixels) {
    long width = level.width();
    return switch (level.exit()) {
      case CONVOLUTION -> 9 * pixels * square(width);
      case RESIDUAL -> residual(width, width, time, pixels);
      case FILTER -> filter(level, width, pixels);
      case FILTERED_RESIDUAL ->
          residual(width, width, time, pixels)
              + pixels * square(width)
              + filter(level, 2 * width + SkipLevel.IMAGE, pixels)
              + Math.min(pixels, level.pixels())
                  * (pixels < level.pixels() ? 1 : 9)
                  * SkipLevel.IMAGE
                  * width;
      case NONE -> 0;
    };
  }

  /** Returns the products of a filter of 16 weights: per result if smaller, per input if larger. */
  private static long filter(Plan.Level level, long channels, long pixels) {
    return 16 * channels * Math.min(pixels, level.pixels());
  }

  private static long square(long number) {
    return number * number;
  }
}
