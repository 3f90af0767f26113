package io.github.diffusion4j.baseline;

import static io.github.diffusion4j.config.FamilyConfig.GROUP;

import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.GroupNorm;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/** Two convolutions beside a shortcut; at first it changes nothing. */
final class Block extends Layer {
  static final double STABILIZER = 1e-5;

  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final GroupNorm norm2;
  private final Conv2d conv2;

  Block(int channels) {
    norm1 = child("norm1", new GroupNorm(channels, GROUP, STABILIZER));
    conv1 = child("conv1", Conv2d.same(channels, channels, Start.TORCH));
    norm2 = child("norm2", new GroupNorm(channels, GROUP, STABILIZER));
    conv2 = child("conv2", Conv2d.same(channels, channels, Start.ZERO));
  }

  /** Returns [N, channels, H, W] for the same. */
  Tensor forward(Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor h = conv1.forward(Functions.silu(norm1.forward(x)));
      return scope.keep(x.plus(conv2.forward(Functions.silu(norm2.forward(h)))));
    }
  }
}
