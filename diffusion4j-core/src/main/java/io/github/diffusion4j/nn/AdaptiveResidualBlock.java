package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Two convolutions beside a shortcut; the norms in front of them are told the time. */
final class AdaptiveResidualBlock extends Layer {
  private final Activation activation;
  private final AdaptiveNorm norm1;
  private final Conv2d conv1;
  private final AdaptiveNorm norm2;
  private final Conv2d conv2;
  private final Optional<Projection> shortcut;

  AdaptiveResidualBlock(Plan.Channels channels, int timeWidth, LayerConfig config) {
    activation = config.block().activation();
    int in = channels.in();
    int out = channels.out();
    double stabilizer = config.stabilizer();
    Start start = Start.ordinary(config.initialization());
    Start last = Start.last(config.initialization());
    norm1 = child("norm1", new AdaptiveNorm(in, channels.groupsIn(), timeWidth, stabilizer, start));
    conv1 = child("conv1", Conv2d.same(in, out, start));
    norm2 =
        child("norm2", new AdaptiveNorm(out, channels.groupsOut(), timeWidth, stabilizer, start));
    conv2 = child("conv2", Conv2d.same(out, out, last));
    shortcut =
        in == out
            ? Optional.empty()
            : Optional.of(child("conv_shortcut", new Projection(in, out, start)));
  }

  /** Returns [N, out, H, W] for [N, in, H, W]. */
  Tensor forward(Tensor x, Pass pass) {
    try (Scope scope = Scope.open()) {
      Tensor embedding = pass.embedding();
      Tensor h = conv1.forward(activated(norm1.forward(x, embedding)));
      h = activated(norm2.forward(h, embedding));
      h = conv2.forward(pass.dropout().apply(h));
      return scope.keep(h.plus(shortcut.map(layer -> layer.forward(x)).orElse(x)));
    }
  }

  private Tensor activated(Tensor x) {
    return Nonlinearity.apply(activation, x);
  }
}
