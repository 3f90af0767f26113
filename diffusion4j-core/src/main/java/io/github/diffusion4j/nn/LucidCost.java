package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidLevelConfig.Attention;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import java.util.List;

/** Counts the arithmetic of a {@link LucidUNet}, as {@link Cost} does that of the others. */
final class LucidCost {
  private final LucidUNetConfig config;
  private final List<Integer> widths;

  LucidCost(LucidUNetConfig config) {
    this.config = config;
    this.widths = config.widths();
  }

  /** Returns the operations of one forward pass of one image of the configured size. */
  long flops() {
    long first = widths.get(0);
    long pixels = pixels(0);
    long products = pixels * first * (49L * config.inputs() + config.outputs());
    products += residual(2 * first, first, pixels) + timeEmbedding();
    int levels = config.levels().size();
    for (int i = 0; i < levels; i++) {
      LucidLevelConfig level = config.levels().get(i);
      long in = widths.get(i);
      long out = widths.get(i + 1);
      products += 2 * residual(in, in, pixels(i)) + attention(level, in, pixels(i));
      products += 2 * residual(in + out, out, pixels(i)) + attention(level, out, pixels(i));
      boolean lowest = i == levels - 1;
      products += lowest ? 9 * pixels(i) * in * out : 4 * pixels(i + 1) * in * out; // down
      products += 9 * pixels(Math.max(0, i - 1)) * in * out; // up
    }
    return 2 * (products + middle(levels - 1));
  }

  private long middle(int lowest) {
    LucidLevelConfig level = config.lowestLevel();
    LucidLevelConfig full =
        new LucidLevelConfig(level.multiplier(), Attention.FULL, level.heads(), level.headWidth());
    long width = widths.get(lowest + 1);
    return 2 * residual(width, width, pixels(lowest)) + attention(full, width, pixels(lowest));
  }

  /** Returns roughly how many numbers a training step keeps per image for the backward pass. */
  long activations() {
    int levels = config.levels().size();
    long numbers =
        7L * 2 * widths.get(levels) * pixels(levels - 1) + 10L * widths.get(0) * pixels(0);
    for (int i = 0; i < levels; i++) {
      long in = widths.get(i);
      long out = widths.get(i + 1);
      numbers += 2 * pixels(i) * (7 * in + 3 * (in + out) + 4 * out);
      numbers += pixels(i) * 4L * inner(config.levels().get(i)) * 2;
    }
    return numbers;
  }

  private long residual(long in, long out, long pixels) {
    long shortcut = in == out ? 0 : in * out;
    return pixels * (9 * in * out + 9 * out * out + shortcut) + 2L * config.timeWidth() * out;
  }

  private long attention(LucidLevelConfig level, long channels, long pixels) {
    long inner = inner(level);
    long seen = pixels + config.layers().memories();
    long mixing =
        switch (level.attention()) {
          case FULL -> 2 * pixels * seen * inner;
          case LINEAR -> (pixels + seen) * inner * level.headWidth();
        };
    return 4 * pixels * channels * inner + mixing;
  }

  private static long inner(LucidLevelConfig level) {
    return (long) level.heads() * level.headWidth();
  }

  private long timeEmbedding() {
    long features =
        config.time() instanceof LucidTimeFeatures.Fourier fourier
            ? fourier.count() + 1
            : config.width();
    return config.timeWidth() * (features + config.timeWidth());
  }

  private long pixels(int level) {
    long side = config.size() >> level;
    return side * side;
  }
}
