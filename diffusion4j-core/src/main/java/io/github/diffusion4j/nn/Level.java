package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;

/** The blocks at one resolution, and what changes the resolution behind them. */
abstract class Level extends Layer {
  /** Returns what enters the next level, [N, C, H, W], for what enters this one. */
  abstract Tensor forward(Tensor x, Pass pass);

  /** Makes a level on the way down. */
  static Level down(Plan.Level plan, int timeWidth, LayerConfig config) {
    return switch (plan.kind()) {
      case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> new DownLevel(plan, timeWidth, config);
      case SKIP, ATTENTION_SKIP -> new SkipDownLevel(plan, timeWidth, config);
      case K -> new KDownLevel(plan, timeWidth, config);
    };
  }

  /** Makes a level on the way up. */
  static Level up(Plan.Level plan, int timeWidth, LayerConfig config) {
    return switch (plan.kind()) {
      case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> new UpLevel(plan, timeWidth, config);
      case SKIP, ATTENTION_SKIP -> new SkipUpLevel(plan, timeWidth, config);
      case K -> new KUpLevel(plan, timeWidth, config);
    };
  }
}
