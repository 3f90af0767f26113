package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** A convolution without bias, batch normalization, and max(x, 0): what Inception is made of. */
final class NormedConv2d extends Layer {
  private static final double STABILIZER = 1e-3;

  private final Filter filter;
  private final BatchNorm norm;

  private NormedConv2d(Filter filter, int out) {
    this.filter = child("conv", filter);
    norm = child("bn", new BatchNorm(out, STABILIZER));
  }

  /** Returns one that keeps height and width, with a kernel of an odd size. */
  static NormedConv2d same(int in, int out, int rows, int columns) {
    return new NormedConv2d(new Filter(in, out, rows, columns, 1, rows / 2, columns / 2), out);
  }

  /**
   * Returns one that takes 3 x 3 pixels inside the image only, at every {@code stride}-th place.
   */
  static NormedConv2d inside(int in, int out, int stride) {
    return new NormedConv2d(new Filter(in, out, 3, 3, stride, 0, 0), out);
  }

  Tensor forward(Tensor x) {
    return Functions.relu(norm.forward(filter.forward(x)));
  }

  /** The convolution alone. */
  private static final class Filter extends Layer {
    private final Tensor weight;
    private final int stride;
    private final int above;
    private final int beside;

    Filter(int in, int out, int rows, int columns, int stride, int above, int beside) {
      this.stride = stride;
      this.above = above;
      this.beside = beside;
      long area = (long) rows * columns;
      weight =
          parameter("weight", Start.TORCH.weight(in * area, out * area), out, in, rows, columns);
    }

    Tensor forward(Tensor x) {
      return Functions.filter(x, weight, stride, above, beside);
    }
  }
}
