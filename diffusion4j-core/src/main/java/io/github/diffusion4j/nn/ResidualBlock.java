package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Two convolutions beside a shortcut; between them the block is told the time. */
final class ResidualBlock extends Layer implements Resampler {
  private final BlockConfig config;
  private final Resolution resolution;
  private final double scale;
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final Linear timeProjection;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final Optional<Conv2d> shortcut;

  /** A block that keeps the resolution and does not scale its sum. */
  ResidualBlock(Plan.Channels channels, int timeWidth, LayerConfig config) {
    this(channels, timeWidth, config, Resolution.KEEP, 1);
  }

  /**
   * Makes a block.
   *
   * @param resolution what happens to height and width in front of the first convolution
   * @param scale number that the sum of branch and shortcut is divided by
   */
  ResidualBlock(
      Plan.Channels channels,
      int timeWidth,
      LayerConfig config,
      Resolution resolution,
      double scale) {
    int in = channels.in();
    int out = channels.out();
    this.config = config.block();
    this.resolution = resolution;
    this.scale = scale;
    Start start = Start.ordinary(config.initialization());
    Start last = Start.last(config.initialization());
    norm1 = child("norm1", new GroupNorm(in, channels.groupsIn(), config.stabilizer()));
    conv1 = child("conv1", Conv2d.same(in, out, start));
    timeProjection =
        child("time_emb_proj", new Linear(timeWidth, timeVectors(this.config) * out, start));
    norm2 = child("norm2", new GroupNorm(out, channels.groupsOut(), config.stabilizer()));
    conv2 = child("conv2", Conv2d.same(out, out, last));
    shortcut =
        in == out && !resolution.projectsShortcut()
            ? Optional.empty()
            : Optional.of(child("conv_shortcut", new Conv2d(in, out, 1, 1, 0, start)));
  }

  /**
   * Returns [N, out, H, W], H and W being halved or doubled if the block does so.
   *
   * @param x [N, in, H, W]
   * @param time the activated time embedding [N, width]
   */
  @Override
  public Tensor forward(Tensor x, Tensor time, Dropout dropout) {
    try (Scope scope =
        Scope.open()) { // frees the activations that the backward pass has no use for
      Tensor h = activated(norm1.forward(x));
      h = conv1.forward(resolution.apply(h));
      Tensor told = timeProjection.forward(time);
      h = told(h, told.reshape(told.size(0), told.size(1), 1, 1));
      h = conv2.forward(dropout.apply(activated(h)));
      Tensor carried = resolution.apply(x);
      Tensor sum = h.plus(shortcut.map(conv -> conv.forward(carried)).orElse(carried));
      return scope.keep(scale == 1 ? sum : sum.dividedBy(scale));
    }
  }

  /** Returns the second norm of h, which the time has shifted before or shifts and scales after. */
  private Tensor told(Tensor h, Tensor time) {
    return switch (config.timeConditioning()) {
      case SHIFT -> norm2.forward(h.plus(time));
      case SCALE_SHIFT -> {
        long channels = h.size(1);
        Tensor factor = time.narrow(1, 0, channels).plus(1);
        yield norm2.forward(h).times(factor).plus(time.narrow(1, channels, channels));
      }
    };
  }

  private Tensor activated(Tensor x) {
    return Nonlinearity.apply(config.activation(), x);
  }

  /** Returns how many vectors, each as long as there are channels, tell a block the time. */
  static int timeVectors(BlockConfig config) {
    return switch (config.timeConditioning()) {
      case SHIFT -> 1;
      case SCALE_SHIFT -> 2;
    };
  }
}
