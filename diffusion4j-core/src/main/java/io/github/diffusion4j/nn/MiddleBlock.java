package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** The bottom of the U: residual block, self-attention if wanted, residual block. */
final class MiddleBlock extends Layer {
  private final Optional<SelfAttention> attention;
  private final ResidualBlock before;
  private final ResidualBlock after;

  private MiddleBlock(
      int channels, Optional<SelfAttention> attention, int timeWidth, LayerConfig config) {
    this.attention = attention.map(layer -> child("attentions.0", layer));
    before = child("resnets.0", residual(channels, timeWidth, config));
    after = child("resnets.1", residual(channels, timeWidth, config));
  }

  /** A middle with attention. */
  static MiddleBlock attending(int channels, int timeWidth, LayerConfig config) {
    double scale = config.block().middleScale();
    SelfAttention attention = new SelfAttention(channels, config, groups(channels, config), scale);
    return new MiddleBlock(channels, Optional.of(attention), timeWidth, config);
  }

  /** A middle without attention. */
  static MiddleBlock plain(int channels, int timeWidth, LayerConfig config) {
    return new MiddleBlock(channels, Optional.empty(), timeWidth, config);
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  Tensor forward(Tensor h, Tensor time, Dropout dropout) {
    Tensor hidden = before.forward(h, time, dropout);
    if (attention.isPresent()) {
      hidden = attention.get().forward(hidden);
    }
    return after.forward(hidden, time, dropout);
  }

  private static ResidualBlock residual(int channels, int timeWidth, LayerConfig config) {
    double scale = config.block().middleScale();
    Plan.Channels same = Plan.Channels.through(channels, config);
    return new ResidualBlock(same, timeWidth, config, Resolution.KEEP, scale);
  }

  private static Optional<Integer> groups(int channels, LayerConfig config) {
    BlockConfig block = config.block();
    boolean shift = block.timeConditioning() == TimeConditioning.SHIFT;
    return block
        .middleGroups()
        .or(() -> shift ? Optional.of(config.groupsOf(channels)) : Optional.empty());
  }
}
