package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Residual blocks with adaptive norms. */
abstract class KLevel extends Level {
  private final List<AdaptiveResidualBlock> blocks = new ArrayList<>();

  KLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    for (Plan.Channels channels : plan.blocks()) {
      AdaptiveResidualBlock block = new AdaptiveResidualBlock(channels, timeWidth, config);
      blocks.add(child("resnets." + blocks.size(), block));
    }
  }

  final int blocks() {
    return blocks.size();
  }

  /** Returns the result [N, out, H, W] of block {@code index}, counted from 0. */
  final Tensor block(int index, Tensor h, Pass pass) {
    return blocks.get(index).forward(h, pass);
  }
}
