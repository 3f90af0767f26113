package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** A matrix and a shift, applied along the last dimension. */
public final class Linear extends Layer {
  private final Tensor weight;
  private final Tensor bias;

  /** Makes a layer from vectors of {@code in} to vectors of {@code out} numbers. */
  public Linear(int in, int out, Start start) {
    weight = parameter("weight", start.weight(in, out), out, in);
    bias = parameter("bias", start.bias(in), out);
  }

  /** Returns [..., out] for [..., in]. */
  public Tensor forward(Tensor x) {
    return Functions.linear(x, weight, bias);
  }

  /** Returns [N, out, H, W] for [N, in, H, W]: each pixel by itself. */
  Tensor ofPixels(Tensor images) {
    Tensor kernel = weight.reshape(weight.size(0), weight.size(1), 1, 1);
    return Functions.conv2d(images, kernel, bias, 1, 0);
  }
}
