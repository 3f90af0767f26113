package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;

/** The bottom of the U: residual block, self-attention, residual block. */
final class MiddleBlock extends Layer {
  private final SelfAttention attention;
  private final ResidualBlock before;
  private final ResidualBlock after;

  MiddleBlock(int channels, int timeWidth, LayerConfig config) {
    attention = child("attentions.0", new SelfAttention(channels, config));
    before = child("resnets.0", new ResidualBlock(channels, channels, timeWidth, config));
    after = child("resnets.1", new ResidualBlock(channels, channels, timeWidth, config));
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  Tensor forward(Tensor h, Tensor time, Dropout dropout) {
    return after.forward(attention.forward(before.forward(h, time, dropout)), time, dropout);
  }
}
