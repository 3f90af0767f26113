package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Two convolutions beside a shortcut; time is added between them. */
final class ResidualBlock extends Layer {
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final Linear timeProjection;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final Optional<Conv2d> shortcut;

  ResidualBlock(int in, int out, int timeWidth, LayerConfig config) {
    Start start = Start.ordinary(config.initialization());
    Start last = Start.last(config.initialization());
    norm1 = child("norm1", new GroupNorm(in, config.groups(), config.stabilizer()));
    conv1 = child("conv1", Conv2d.same(in, out, start));
    timeProjection = child("time_emb_proj", new Linear(timeWidth, out, start));
    norm2 = child("norm2", new GroupNorm(out, config.groups(), config.stabilizer()));
    conv2 = child("conv2", Conv2d.same(out, out, last));
    shortcut =
        in == out
            ? Optional.empty()
            : Optional.of(child("conv_shortcut", new Conv2d(in, out, 1, 1, 0, start)));
  }

  /**
   * Returns [N, out, H, W].
   *
   * @param x [N, in, H, W]
   * @param time the activated time embedding [N, width]
   */
  Tensor forward(Tensor x, Tensor time, Dropout dropout) {
    try (Scope scope =
        Scope.open()) { // frees the activations that the backward pass has no use for
      Tensor h = conv1.forward(Functions.silu(norm1.forward(x)));
      Tensor shift = timeProjection.forward(time);
      h = h.plus(shift.reshape(shift.size(0), shift.size(1), 1, 1));
      h = dropout.apply(Functions.silu(norm2.forward(h)));
      return scope.keep(conv2.forward(h).plus(shortcut.map(conv -> conv.forward(x)).orElse(x)));
    }
  }
}
