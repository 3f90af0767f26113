package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/** One step of the Runge–Kutta pair of Dormand and Prince, of orders 5 and 4. */
final class DormandPrince {
  /** The right-hand side of dy/du = slope(y, u). */
  interface Field {
    Tensor slope(Tensor y, double u);
  }

  /**
   * What a step leads to.
   *
   * @param y the solution of order 5
   * @param slope the slope there, with which the next step begins
   * @param error the difference to the solution of order 4
   */
  record Step(Tensor y, Tensor slope, Tensor error) {}

  /** How often a step asks for a slope; the first is known from the step before. */
  static final int SLOPES = 6;

  private static final double[] NODES = {0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1};
  private static final double[][] WEIGHTS = {
    {},
    {1 / 5.0},
    {3 / 40.0, 9 / 40.0},
    {44 / 45.0, -56 / 15.0, 32 / 9.0},
    {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
    {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
    {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}
  };
  private static final double[] ERROR = {
    71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
  };

  private DormandPrince() {}

  /** The step from {@code from} to {@code to}, with the slope at its begin given. */
  static Step step(Tensor y, Tensor slope, double from, double to, Field field) {
    double h = to - from;
    Tensor[] slopes = new Tensor[NODES.length];
    slopes[0] = slope;
    Tensor reached = y;
    for (int i = 1; i < NODES.length; i++) {
      reached = y.plus(sum(WEIGHTS[i], slopes).times(h));
      slopes[i] = field.slope(reached, NODES[i] == 1 ? to : from + NODES[i] * h);
    }
    return new Step(reached, slopes[NODES.length - 1], sum(ERROR, slopes).times(h));
  }

  private static Tensor sum(double[] weights, Tensor[] slopes) {
    Tensor sum = slopes[0].times(weights[0]);
    for (int j = 1; j < weights.length; j++) {
      if (weights[j] != 0) {
        sum = sum.plus(slopes[j].times(weights[j]));
      }
    }
    return sum;
  }
}
