package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * A 3x3 convolution that keeps height and width; before it is applied, the kernel of each output
 * channel is brought to mean 0 and variance 1.
 */
final class StandardizedConv2d extends Layer {
  private static final double STABILIZER = 1e-5;

  private final Tensor weight;
  private final Tensor bias;

  StandardizedConv2d(int in, int out) {
    weight = parameter("weight", Start.TORCH.weight(9L * in, 9L * out), out, in, 3, 3);
    bias = parameter("bias", Start.TORCH.bias(9L * in), out);
  }

  /** Returns [N, out, H, W] for [N, in, H, W]. */
  Tensor forward(Tensor x) {
    long out = weight.size(0);
    Tensor centered = weight.minus(weight.mean(1, 2, 3).reshape(out, 1, 1, 1));
    Tensor variance = centered.square().mean(1, 2, 3).reshape(out, 1, 1, 1);
    Tensor kernels = centered.dividedBy(variance.plus(STABILIZER).sqrt());
    return Functions.conv2d(x, kernels, bias, 1, 1);
  }
}
