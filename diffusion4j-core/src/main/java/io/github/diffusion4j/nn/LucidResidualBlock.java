package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Two blocks beside a shortcut; the first is told the time. */
final class LucidResidualBlock extends Layer {
  private final Linear timeProjection;
  private final LucidBlock first;
  private final LucidBlock second;
  private final Optional<Conv2d> shortcut;

  LucidResidualBlock(int in, int out, int timeWidth, LucidLayerConfig config) {
    timeProjection = child("mlp.1", new Linear(timeWidth, 2 * out, Start.TORCH));
    first = child("block1", new LucidBlock(in, out, config));
    second = child("block2", new LucidBlock(out, out, config));
    shortcut =
        in == out
            ? Optional.empty()
            : Optional.of(child("res_conv", new Conv2d(in, out, 1, 1, 0, Start.TORCH)));
  }

  /**
   * Returns [N, out, H, W] for [N, in, H, W].
   *
   * @param time the time embedding [N, width]
   */
  Tensor forward(Tensor x, Tensor time, Dropout dropout) {
    try (Scope scope = Scope.open()) {
      Tensor told = timeProjection.forward(Functions.silu(time));
      Tensor h = second.forward(dropout.apply(first.forward(x, told)));
      return scope.keep(h.plus(shortcut.map(conv -> conv.forward(x)).orElse(x)));
    }
  }
}
