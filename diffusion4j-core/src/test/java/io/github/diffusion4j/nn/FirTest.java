package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The filter is the matrix that its definition gives, and does what filters of images must. */
@Tag("numerics")
class FirTest {
  private static final int SIZE = 6;
  private static final double[] TAPS = {0.125, 0.375, 0.375, 0.125};

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void halve_ofAnyImage_isTheMatrixFromBothSides() {
    Tensor x = Seed.of(1).normal(2, 3, SIZE, SIZE).to(DType.F64);

    Tensor halved = Fir.halve(x, 1);

    assertThat(halved.shape()).containsExactly(2, 3, SIZE / 2, SIZE / 2);
    for (int plane = 0; plane < 6; plane++) {
      assertNumbers(plane(halved, plane)).areCloseTo(bothSides(halving(), plane(x, plane)), 1e-12);
    }
  }

  @Test
  void twice_isFourTimesTheTransposeOfHalving() {
    Tensor x = Seed.of(2).normal(1, 2, SIZE / 2, SIZE / 2).to(DType.F64);
    double[][] halving = halving();
    double[][] doubling = new double[SIZE][SIZE / 2];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE / 2; j++) {
        doubling[i][j] = 2 * halving[j][i];
      }
    }

    Tensor doubled = Fir.twice(x, 1);

    assertThat(doubled.shape()).containsExactly(1, 2, SIZE, SIZE);
    for (int plane = 0; plane < 2; plane++) {
      assertNumbers(plane(doubled, plane)).areCloseTo(bothSides(doubling, plane(x, plane)), 1e-12);
    }
  }

  @Test
  void constantImage_staysConstantInside() {
    Tensor seven = Tensor.full(7, 1, 1, 8, 8);

    assertThat(sevens(Fir.halve(seven, 1).narrow(2, 1, 2).narrow(3, 1, 2))).isEqualTo(4);
    assertThat(sevens(Fir.twice(seven, 1).narrow(2, 1, 14).narrow(3, 1, 14))).isEqualTo(196);
  }

  @Test
  void constantImage_withMirroredBorders_staysConstantEverywhere() {
    Tensor mirrored = Functions.padMirrored(Tensor.full(7, 1, 1, 8, 8), 1);

    assertThat(sevens(Fir.halve(mirrored, 0))).isEqualTo(16);
    assertThat(sevens(Fir.twice(mirrored, 3))).isEqualTo(256);
  }

  @Test
  void halve_ofACheckerboard_leavesNoPatternInside() {
    double[] board =
        IntStream.range(0, 64).mapToDouble(i -> (i % 8 + i / 8) % 2 == 0 ? 1 : -1).toArray();

    Tensor halved = Fir.halve(Tensor.of(board, 1, 1, 8, 8), 1);

    assertThat(halved.narrow(2, 1, 2).narrow(3, 1, 2).abs().sum().item()).isLessThan(1e-12);
  }

  /** Returns how many pixels there are, after checking that each of them is 7. */
  private static int sevens(Tensor x) {
    double[] pixels = x.toDoubles();
    for (double pixel : pixels) {
      assertThat(pixel).isCloseTo(7, within(1e-5));
    }
    return pixels.length;
  }

  /** Row o has the taps at columns 2 · o − 1 … 2 · o + 2. */
  private static double[][] halving() {
    double[][] matrix = new double[SIZE / 2][SIZE];
    for (int out = 0; out < SIZE / 2; out++) {
      for (int tap = 0; tap < TAPS.length; tap++) {
        int in = 2 * out - 1 + tap;
        if (in >= 0 && in < SIZE) {
          matrix[out][in] = TAPS[tap];
        }
      }
    }
    return matrix;
  }

  /** Returns M · image · Mᵀ. */
  private static double[] bothSides(double[][] matrix, double[] image) {
    int rows = matrix.length;
    int size = matrix[0].length;
    double[] result = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        for (int k = 0; k < size; k++) {
          for (int l = 0; l < size; l++) {
            result[i * rows + j] += matrix[i][k] * image[k * size + l] * matrix[j][l];
          }
        }
      }
    }
    return result;
  }

  private static double[] plane(Tensor x, int index) {
    Tensor planes = x.reshape(x.size(0) * x.size(1), x.size(2) * x.size(3));
    return planes.select(0, index).to(DType.F64).toDoubles();
  }
}
