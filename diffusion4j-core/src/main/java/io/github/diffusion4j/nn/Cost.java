package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.UNetConfig;
import java.util.List;

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
    return flopsPerImage((UNetConfig) config);
  }

  /** Returns roughly how many numbers a training step keeps per sample for the backward pass. */
  public static long activationsPerSample(ModelConfig config) {
    if (config instanceof MlpConfig mlp) {
      return (4L + 5L * mlp.depth()) * mlp.width();
    }
    return activationsPerImage((UNetConfig) config);
  }

  /** Returns the operations of one forward pass of one image of the configured size. */
  public static long flopsPerImage(UNetConfig config) {
    Plan plan = Plan.of(config);
    long time = plan.timeWidth();
    long first = config.widths().get(0);
    long lowest = config.widths().get(config.levels() - 1);
    long pixels = square(config.size());
    long lowestPixels = square(config.size() >> (config.levels() - 1));
    long products = 9 * pixels * first * (config.channels() + config.outputs()); // entry and exit
    products += first * time + time * time;
    for (Plan.Level level : plan.down()) {
      products += blocks(level, time) + resampling(level, square(level.size() / 2));
    }
    for (Plan.Level level : plan.up()) {
      products += blocks(level, time) + resampling(level, square(2L * level.size()));
    }
    products += 2 * residual(lowest, lowest, time, lowestPixels);
    products += config.middle() == BlockKind.ATTENTION ? attention(lowest, lowestPixels) : 0;
    return 2 * products;
  }

  /**
   * Returns roughly how many numbers a training step keeps per image for the backward pass: the
   * inputs of the norms, activations and convolutions of each residual block.
   */
  public static long activationsPerImage(UNetConfig config) {
    Plan plan = Plan.of(config);
    long lowest = config.widths().get(config.levels() - 1);
    long numbers = 2 * 7 * lowest * square(config.size() >> (config.levels() - 1));
    for (List<Plan.Level> half : List.of(plan.down(), plan.up())) {
      for (Plan.Level level : half) {
        for (Plan.Channels block : level.blocks()) {
          numbers += square(level.size()) * (3L * block.in() + 4L * block.out());
        }
      }
    }
    return numbers;
  }

  private static long blocks(Plan.Level level, long time) {
    long pixels = square(level.size());
    long products = 0;
    for (Plan.Channels block : level.blocks()) {
      products += residual(block.in(), block.out(), time, pixels);
      products += level.kind() == BlockKind.ATTENTION ? attention(block.out(), pixels) : 0;
    }
    return products;
  }

  private static long residual(long in, long out, long time, long pixels) {
    long shortcut = in == out ? 0 : in * out;
    return pixels * (9 * in * out + 9 * out * out + shortcut) + time * out;
  }

  private static long attention(long channels, long pixels) {
    return 4 * pixels * channels * channels + 2 * pixels * pixels * channels;
  }

  private static long resampling(Plan.Level level, long pixels) {
    return switch (level.exit()) {
      case RESAMPLE -> 9 * pixels * square(level.width());
      case NONE -> 0;
    };
  }

  private static long square(long number) {
    return number * number;
  }
}
