package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * The filter (1, 3, 3, 1) / 8 along rows and columns: it smooths images that are made smaller or
 * larger, so that no pattern of the grid appears.
 */
final class Fir {
  private static final double[] TAPS = {1, 3, 3, 1};
  private static final double SUM = 8;

  private Fir() {}

  /**
   * Returns every second pixel of the smoothed image, [N, C, h, w] with h = H / 2 + padding − 1 and
   * w = W / 2 + padding − 1.
   *
   * @param x [N, C, H, W] with even H and W
   * @param padding zeros at each border
   */
  static Tensor halve(Tensor x, int padding) {
    return Functions.filter(x, kernel(x, 1), 2, padding);
  }

  /**
   * Returns the smoothed image of twice the size, [N, C, h, w] with h = 2 · H + 2 − 2 · cut and w =
   * 2 · W + 2 − 2 · cut.
   *
   * @param x [N, C, H, W]
   * @param cut what is taken off at each border
   */
  static Tensor twice(Tensor x, int cut) {
    return Functions.spread(x, kernel(x, 4), 2, cut);
  }

  /** Returns the weights [C, 1, 4, 4], which sum to {@code gain} for each channel. */
  private static Tensor kernel(Tensor x, double gain) {
    int taps = TAPS.length;
    double[] weights = new double[taps * taps];
    for (int row = 0; row < taps; row++) {
      for (int column = 0; column < taps; column++) {
        weights[row * taps + column] = gain * TAPS[row] * TAPS[column] / (SUM * SUM);
      }
    }
    return Tensor.of(weights, 1, 1, taps, taps).like(x).expand(x.size(1), 1, taps, taps);
  }
}
