package io.github.diffusion4j.data;

import java.util.SplittableRandom;

/**
 * The eight dark squares of a board of 4 × 4 over [−1, 1]², with uniform density.
 *
 * <p>A square is dark if its column plus its row is even, both counted from the lower left.
 */
final class Checkerboard implements KnownDensity {
  private static final int SQUARES = 4;
  private static final double SIDE = 2.0 / SQUARES;
  private static final double DENSITY = 1 / (SQUARES * SQUARES / 2 * SIDE * SIDE);

  @Override
  public int dimensions() {
    return 2;
  }

  @Override
  public double[] point(SplittableRandom random) {
    int row = random.nextInt(SQUARES);
    int column = 2 * random.nextInt(SQUARES / 2) + row % 2;
    return new double[] {
      -1 + SIDE * (column + random.nextDouble()), -1 + SIDE * (row + random.nextDouble())
    };
  }

  @Override
  public double density(double... point) {
    int column = (int) Math.floor((point[0] + 1) / SIDE);
    int row = (int) Math.floor((point[1] + 1) / SIDE);
    boolean onBoard = column >= 0 && column < SQUARES && row >= 0 && row < SQUARES;
    return onBoard && (column + row) % 2 == 0 ? DENSITY : 0;
  }
}
