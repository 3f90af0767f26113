package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The blocks at one resolution: residual ones, each followed by attention where there is any. */
abstract class Level extends Layer {
  private final List<SelfAttention> attentions = new ArrayList<>();
  private final List<ResidualBlock> residuals = new ArrayList<>();

  Level(Plan.Level plan, int timeWidth, LayerConfig config) {
    List<Plan.Channels> blocks = plan.blocks();
    if (plan.kind() == BlockKind.ATTENTION) {
      for (int i = 0; i < blocks.size(); i++) {
        SelfAttention attention = new SelfAttention(blocks.get(i).out(), config);
        attentions.add(child("attentions." + i, attention));
      }
    }
    for (int i = 0; i < blocks.size(); i++) {
      Plan.Channels channels = blocks.get(i);
      ResidualBlock block = new ResidualBlock(channels.in(), channels.out(), timeWidth, config);
      residuals.add(child("resnets." + i, block));
    }
  }

  final int blocks() {
    return residuals.size();
  }

  /** Returns the result [N, out, H, W] of block {@code index}, counted from 0. */
  final Tensor block(int index, Tensor h, Tensor time, Dropout dropout) {
    Tensor result = residuals.get(index).forward(h, time, dropout);
    return attentions.isEmpty() ? result : attentions.get(index).forward(result);
  }
}
