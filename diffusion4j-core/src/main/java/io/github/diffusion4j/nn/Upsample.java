package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;

/** Doubles height and width by repeating pixels, then smooths with a 3x3 convolution. */
final class Upsample extends Layer implements Resampler {
  private final Conv2d conv;

  Upsample(int channels, LayerConfig config) {
    conv = child("conv", Conv2d.same(channels, channels, Start.ordinary(config.initialization())));
  }

  /** Returns [N, C, 2 · H, 2 · W] for [N, C, H, W]. */
  Tensor forward(Tensor x) {
    return conv.forwardDoubled(x);
  }

  @Override
  public Tensor forward(Tensor x, Tensor time, Dropout dropout) {
    return forward(x);
  }
}
