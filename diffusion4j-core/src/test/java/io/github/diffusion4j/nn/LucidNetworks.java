package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidLevelConfig.Attention;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import java.util.List;
import java.util.Optional;

/** Small networks of lucidrains' kind. */
public final class LucidNetworks {
  static final LucidLevelConfig LINEAR = new LucidLevelConfig(1, Attention.LINEAR, 2, 3);
  static final LucidLevelConfig FULL = new LucidLevelConfig(2, Attention.FULL, 2, 3);

  private LucidNetworks() {}

  /** Two levels over images of one channel and 8 x 8 pixels. */
  public static LucidUNetConfig small(SelfConditioning conditioning) {
    return of(LucidGeneration.ROOT_MEAN_SQUARE, conditioning, LINEAR, FULL);
  }

  static LucidUNetConfig of(
      LucidGeneration generation, SelfConditioning conditioning, LucidLevelConfig... levels) {
    boolean old = generation == LucidGeneration.STANDARDIZED;
    return new LucidUNetConfig(
        1,
        8,
        4,
        Optional.empty(),
        List.of(levels),
        new LucidTimeFeatures.Sinusoidal(10_000),
        new LucidLayerConfig(generation, 2, old ? 0 : 4, 0),
        conditioning,
        Optional.empty());
  }
}
