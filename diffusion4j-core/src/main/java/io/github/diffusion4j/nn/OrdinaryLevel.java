package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Residual blocks, each followed by attention where there is any, as DDPM has. */
abstract class OrdinaryLevel extends Level {
  private final List<SelfAttention> attentions = new ArrayList<>();
  private final List<ResidualBlock> residuals = new ArrayList<>();

  OrdinaryLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    List<Plan.Channels> blocks = plan.blocks();
    for (int i = 0; i < plan.attentions(); i++) {
      SelfAttention attention = new SelfAttention(blocks.get(i).out(), config);
      attentions.add(child("attentions." + i, attention));
    }
    for (int i = 0; i < blocks.size(); i++) {
      ResidualBlock block = new ResidualBlock(blocks.get(i), timeWidth, config);
      residuals.add(child("resnets." + i, block));
    }
  }

  final int blocks() {
    return residuals.size();
  }

  /** Returns the result [N, out, H, W] of block {@code index}, counted from 0. */
  final Tensor block(int index, Tensor h, Pass pass) {
    Tensor result = residuals.get(index).forward(h, pass.time(), pass.dropout());
    return attentions.isEmpty() ? result : attentions.get(index).forward(result);
  }
}
