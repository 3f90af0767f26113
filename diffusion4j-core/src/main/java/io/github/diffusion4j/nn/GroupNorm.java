package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** Group normalization with a learned scale and shift per channel; at first 1 and 0. */
public final class GroupNorm extends Layer {
  private final int groups;
  private final double stabilizer;
  private final Tensor weight;
  private final Tensor bias;

  /**
   * Makes a normalization of {@code channels} channels.
   *
   * @param groups a divisor of {@code channels}
   * @param stabilizer the small number added to the variance
   */
  public GroupNorm(int channels, int groups, double stabilizer) {
    this.groups = groups;
    this.stabilizer = stabilizer;
    weight = parameter("weight", Initial.constant(1), channels);
    bias = parameter("bias", Initial.constant(0), channels);
  }

  /** Returns the normalized [N, channels, H, W]. */
  public Tensor forward(Tensor x) {
    return Functions.groupNorm(x, groups, weight, bias, stabilizer);
  }
}
