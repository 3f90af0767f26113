package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
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
 * <p>Seen from the other side, x[i] spreads over y[2i−1], …, y[2i+2] with the weights w₂, w₁ + w₂,
 * w₀ + w₁ and w₀. That is a transposed convolution with stride 2, which takes 4 products for each
 * pixel of the result instead of 9, and needs no doubled image.
 */
final class EnlargedConvolution {
  private EnlargedConvolution() {}

  /**
   * Returns [N, O, 2 · H, 2 · W].
   *
   * @param x [N, I, H, W]
   * @param weight [O, I, 3, 3], for the doubled image with one zero added at each border
   * @param bias [O]
   */
  static Tensor of(Tensor x, Tensor weight, Tensor bias) {
    Tensor spreading = spreading(spreading(weight, 2), 3);
    return Functions.convTranspose2d(x, spreading.permute(1, 0, 2, 3), bias, 2, 1);
  }

  /** Returns the four weights along {@code dim} with which a pixel spreads. */
  private static Tensor spreading(Tensor weight, int dim) {
    Tensor first = weight.narrow(dim, 0, 1);
    Tensor middle = weight.narrow(dim, 1, 1);
    Tensor last = weight.narrow(dim, 2, 1);
    return Tensor.cat(List.of(last, middle.plus(last), first.plus(middle), first), dim);
  }
}
