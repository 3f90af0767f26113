package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** A two-dimensional convolution with a square kernel. */
public final class Conv2d extends Layer {
  private final int stride;
  private final int padding;
  private final Tensor weight;
  private final Tensor bias;

  /**
   * Makes a convolution.
   *
   * @param in channels of the input
   * @param out channels of the output
   * @param kernel height and width of the kernel, in pixels
   * @param stride distance between two applications of the kernel, in pixels
   * @param padding zeros added at each border, in pixels
   */
  public Conv2d(int in, int out, int kernel, int stride, int padding, Start start) {
    this.stride = stride;
    this.padding = padding;
    long area = (long) kernel * kernel;
    weight = parameter("weight", start.weight(in * area, out * area), out, in, kernel, kernel);
    bias = parameter("bias", start.bias(in * area), out);
  }

  /** Returns a 3x3 convolution that keeps height and width. */
  public static Conv2d same(int in, int out, Start start) {
    return new Conv2d(in, out, 3, 1, 1, start);
  }

  /** Returns the convolution of [N, in, H, W]. */
  public Tensor forward(Tensor x) {
    return Functions.conv2d(x, weight, bias, stride, padding);
  }

  /**
   * Returns the convolution of [N, in, 2 · H, 2 · W], which is {@code x} with its pixels repeated.
   *
   * @param x [N, in, H, W]
   * @throws IllegalStateException if this is not {@link #same} one
   */
  public Tensor forwardDoubled(Tensor x) {
    if (weight.size(2) != 3 || stride != 1 || padding != 1) {
      throw new IllegalStateException("only a 3x3 convolution that keeps the size can double it");
    }
    return EnlargedConvolution.of(x, weight, bias);
  }
}
