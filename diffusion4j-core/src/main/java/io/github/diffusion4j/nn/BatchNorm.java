package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Vision;

/** Batch normalization of a finished network: means and variances are those of its training. */
final class BatchNorm extends Layer {
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor mean;
  private final Tensor variance;
  private final double stabilizer;

  BatchNorm(int channels, double stabilizer) {
    this.stabilizer = stabilizer;
    weight = parameter("weight", Initial.constant(1), channels);
    bias = parameter("bias", Initial.constant(0), channels);
    mean = parameter("running_mean", Initial.constant(0), channels);
    variance = parameter("running_var", Initial.constant(1), channels);
  }

  /** Returns [N, channels, H, W] normalized. */
  Tensor forward(Tensor x) {
    return Vision.batchNorm(x, mean, variance, weight, bias, stabilizer);
  }
}
