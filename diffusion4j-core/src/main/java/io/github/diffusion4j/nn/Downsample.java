package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** Halves height and width by a 3x3 convolution of stride 2. */
final class Downsample extends Layer implements Resampler {
  private final LayerConfig.Downsampling border;
  private final Conv2d conv;

  Downsample(int channels, LayerConfig config) {
    border = config.downsampling();
    int padding =
        switch (border) {
          case SYMMETRIC -> 1;
          case RIGHT_BOTTOM -> 0;
        };
    Start start = Start.ordinary(config.initialization());
    conv = child("conv", new Conv2d(channels, channels, 3, 2, padding, start));
  }

  /** Returns [N, C, H / 2, W / 2] for [N, C, H, W] with even H and W. */
  Tensor forward(Tensor x) {
    return switch (border) {
      case SYMMETRIC -> conv.forward(x);
      case RIGHT_BOTTOM -> conv.forward(Functions.padZeros(x, 0, 1, 0, 1));
    };
  }

  @Override
  public Tensor forward(Tensor x, Tensor time, Dropout dropout) {
    return forward(x);
  }
}
