package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Residual blocks with sums divided by √2, and an image beside them, as NCSN++ has. */
abstract class SkipLevel extends Level {
  /** Channels of the image. */
  static final int IMAGE = 3;

  private static final int ATTENTION_GROUPS = 32;
  private static final double SCALE = Math.sqrt(2);

  private final List<SelfAttention> attentions = new ArrayList<>();
  private final List<ResidualBlock> residuals = new ArrayList<>();

  SkipLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    for (int i = 0; i < plan.attentions(); i++) {
      SelfAttention attention =
          new SelfAttention(plan.width(), config, Optional.of(ATTENTION_GROUPS), SCALE);
      attentions.add(child("attentions." + i, attention));
    }
    for (int i = 0; i < plan.blocks().size(); i++) {
      Plan.Channels channels = plan.blocks().get(i);
      residuals.add(
          child(
              "resnets." + i,
              new ResidualBlock(channels, timeWidth, config, Resolution.KEEP, SCALE)));
    }
  }

  /** Makes the block behind the others, which changes the resolution. */
  final ResidualBlock resampler(
      String name, Plan.Level plan, int timeWidth, LayerConfig config, Resolution resolution) {
    Plan.Channels channels = Plan.Channels.byWidth(plan.width(), plan.width());
    return child(name, new ResidualBlock(channels, timeWidth, config, resolution, SCALE));
  }

  final int blocks() {
    return residuals.size();
  }

  /** Returns the result [N, out, H, W] of residual block {@code index}, counted from 0. */
  final Tensor residual(int index, Tensor h, Pass pass) {
    return residuals.get(index).forward(h, pass.time(), pass.dropout());
  }

  /** Returns h after attention {@code index}, if the level has any. */
  final Tensor attended(int index, Tensor h) {
    return attentions.isEmpty() ? h : attentions.get(index).forward(h);
  }
}
