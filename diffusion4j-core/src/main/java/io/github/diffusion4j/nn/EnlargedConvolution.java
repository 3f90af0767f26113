package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A 3x3 convolution of an image that was doubled by repeating its pixels, computed on the image
 * itself.
 *
 * <p>Where pixels repeat, the nine that the convolution sees are only four different ones, and
 * which weights meet in one of them depends on nothing but the parity of row and column:
 *
 * <pre>
 *  y[2i]   = w₀ x[i−1] + (w₁ + w₂) x[i]
 *  y[2i+1] = (w₀ + w₁) x[i] + w₂ x[i+1] </pre>
 *
 * <p>So four 2x2 convolutions, one for each pair of parities, give what the 3x3 convolution of the
 * doubled image gives, with 16 products for each of its pixels instead of 36, and without making
 * it.
 */
final class EnlargedConvolution {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private EnlargedConvolution() {}

  /**
   * Returns [N, O, 2 · H, 2 · W].
   *
   * @param x [N, I, H, W]
   * @param weight [O, I, 3, 3], for the doubled image with one zero added at each border
   * @param bias [O]
   */
  static Tensor of(Tensor x, Tensor weight, Tensor bias) {
    List<Tensor> weights = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        weights.add(folded(folded(weight, 2, row), 3, column));
      }
    }
    Tensor biases = Tensor.cat(List.of(bias, bias, bias, bias), 0);
    return interleaved(Functions.conv2d(x, Tensor.cat(weights, 0), biases, 1, 1));
  }

  /** Returns the two weights along {@code dim} that are left of three for one parity. */
  private static Tensor folded(Tensor weight, int dim, int parity) {
    Tensor first = weight.narrow(dim, 0, 1);
    Tensor middle = weight.narrow(dim, 1, 1);
    Tensor last = weight.narrow(dim, 2, 1);
    return parity == 0
        ? Tensor.cat(List.of(first, middle.plus(last)), dim)
        : Tensor.cat(List.of(first.plus(middle), last), dim);
  }

  /**
   * Returns [N, O, 2 · H, 2 · W].
   *
   * @param phases [N, 4 · O, H + 1, W + 1]; those of odd parity begin one later
   */
  private static Tensor interleaved(Tensor phases) {
    long[] shape = phases.shape();
    long channels = shape[1] / 4;
    long height = shape[2] - 1;
    long width = shape[3] - 1;
    List<Tensor> rows = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      List<Tensor> columns = new ArrayList<>();
      for (int column = 0; column < 2; column++) {
        Tensor phase = phases.narrow(1, (2 * row + column) * channels, channels);
        Tensor inside = phase.narrow(ROWS, row, height).narrow(COLUMNS, column, width);
        columns.add(inside.reshape(shape[0], channels, height, 1, width, 1));
      }
      rows.add(Tensor.cat(columns, 5));
    }
    return Tensor.cat(rows, 3).reshape(shape[0], channels, 2 * height, 2 * width);
  }
}
