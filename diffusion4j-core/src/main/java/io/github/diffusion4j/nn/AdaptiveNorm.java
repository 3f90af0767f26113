package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** Group normalization whose scale and shift per channel are made of the time. */
final class AdaptiveNorm extends Layer {
  private final int channels;
  private final int groups;
  private final double stabilizer;
  private final Linear linear;

  /**
   * Makes a normalization.
   *
   * @param timeWidth length of the time embedding
   * @param stabilizer the small number added to the variance
   */
  AdaptiveNorm(int channels, int groups, int timeWidth, double stabilizer, Start start) {
    this.channels = channels;
    this.groups = groups;
    this.stabilizer = stabilizer;
    linear = child("linear", new Linear(timeWidth, 2 * channels, start));
  }

  /**
   * Returns the normalized [N, channels, H, W], scaled and shifted.
   *
   * @param embedding of the time, not activated, [N, timeWidth]
   */
  Tensor forward(Tensor x, Tensor embedding) {
    Tensor told = linear.forward(embedding).reshape(x.size(0), 2L * channels, 1, 1);
    Tensor factor = told.narrow(1, 0, channels).plus(1);
    Tensor normal = Functions.groupNorm(x, groups, stabilizer);
    return normal.times(factor).plus(told.narrow(1, channels, channels));
  }
}
