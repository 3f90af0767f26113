package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** The bottom of the U: residual block, self-attention if wanted, residual block. */
final class MiddleBlock extends Layer {
  private final Optional<SelfAttention> attention;
  private final ResidualBlock before;
  private final ResidualBlock after;

  MiddleBlock(int channels, BlockKind kind, int timeWidth, LayerConfig config) {
    attention =
        switch (kind) {
          case ATTENTION -> Optional.of(child("attentions.0", new SelfAttention(channels, config)));
          case RESIDUAL -> Optional.empty();
        };
    before = child("resnets.0", new ResidualBlock(channels, channels, timeWidth, config));
    after = child("resnets.1", new ResidualBlock(channels, channels, timeWidth, config));
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  Tensor forward(Tensor h, Tensor time, Dropout dropout) {
    Tensor hidden = before.forward(h, time, dropout);
    if (attention.isPresent()) {
      hidden = attention.get().forward(hidden);
    }
    return after.forward(hidden, time, dropout);
  }
}
