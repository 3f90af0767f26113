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
   * Returns half of a row's and a column's pixels, [N, C, H / 2 + padding − 1, W / 2 + padding −
   * 1].
   *
   * @param x [N, C, H, W] with even H and W
   * @param padding zeros at each border
   */
  static Tensor halve(Tensor x, int padding) {
    Tensor planes = x.reshape(x.size(0) * x.size(1), 1, x.size(2), x.size(3));
    return channels(Functions.filter(planes, kernel(x, 1), 2, padding), x);
  }

  /**
   * Returns twice a row's and a column's pixels, [N, C, 2 · H + 2 − 2 · cut, 2 · W + 2 − 2 · cut].
   *
   * @param x [N, C, H, W]
   * @param cut what is taken off at each border
   */
  static Tensor twice(Tensor x, int cut) {
    Tensor planes = x.reshape(x.size(0) * x.size(1), 1, x.size(2), x.size(3));
    return channels(Functions.spread(planes, kernel(x, 4), 2, cut), x);
  }

  private static Tensor channels(Tensor planes, Tensor x) {
    return planes.reshape(x.size(0), x.size(1), planes.size(2), planes.size(3));
  }

  /** Returns the weights [1, 1, 4, 4], which sum to {@code gain}. */
  private static Tensor kernel(Tensor x, double gain) {
    int taps = TAPS.length;
    double[] weights = new double[taps * taps];
    for (int row = 0; row < taps; row++) {
      for (int column = 0; column < taps; column++) {
        weights[row * taps + column] = gain * TAPS[row] * TAPS[column] / (SUM * SUM);
      }
    }
    return Tensor.of(weights, 1, 1, taps, taps).like(x);
  }
}
