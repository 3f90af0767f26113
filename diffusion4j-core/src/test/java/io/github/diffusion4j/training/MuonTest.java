package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerics")
class MuonTest {
  private static final double RATE = 0.01;
  private static final double RATIO = 7;
  private static final Adam.Constants ADAM =
      new Adam.Constants(0.9, 0.99, 1e-8, 0, Adam.Pull.DECOUPLED);

  @ParameterizedTest
  @CsvSource({"6, 2, 1", "3, 2, 2", "4, 4, 1"})
  void step_threeTimes_agreesWithPlainArithmetic(int rows, int inputs, int kernel) {
    int columns = inputs * kernel * kernel;
    try (Scope scope = Scope.open()) {
      Tensor weight = Seed.of(1).normal(rows, inputs, kernel, kernel).trainable();
      Tensor bias = Seed.of(2).normal(rows).trainable();
      Map<String, Tensor> named = new LinkedHashMap<>();
      named.put("bias", bias);
      named.put("weight", weight);
      double[][] expected = matrix(weight.toDoubles(), rows, columns);
      double[][] momentum = new double[rows][columns];
      try (ParameterVector parameters = new ParameterVector(named);
          Muon muon = new Muon(parameters, new Muon.Constants(RATIO, ADAM))) {
        for (int number = 1; number <= 3; number++) {
          Tensor gradient = Seed.of(3).derive(number).normal(rows, inputs, kernel, kernel);
          FlatGradient.set(weight, gradient);
          FlatGradient.set(bias, Seed.of(4).derive(number).normal(rows));
          plainStep(expected, momentum, matrix(gradient.toDoubles(), rows, columns));
          muon.step(number, RATE);
        }
        assertThat(muon.state()).containsOnlyKeys("mean", "mean_square", "momentum");
      }
      double[] flat = new double[rows * columns];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = expected[i / columns][i % columns];
      }

      assertNumbers(weight.toDoubles()).areCloseTo(flat, 1e-4);
    }
  }

  private static void plainStep(double[][] weight, double[][] momentum, double[][] gradient) {
    int rows = weight.length;
    int columns = weight[0].length;
    double[][] direction = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        momentum[i][j] = 0.95 * momentum[i][j] + 0.05 * gradient[i][j];
        direction[i][j] = 0.05 * gradient[i][j] + 0.95 * momentum[i][j];
      }
    }
    double[][] orthogonal = orthogonal(direction);
    double scale = RATE * RATIO * Math.sqrt(Math.max(1.0, (double) rows / columns));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        weight[i][j] -= scale * orthogonal[i][j];
      }
    }
  }

  private static double[][] orthogonal(double[][] matrix) {
    boolean tall = matrix.length > matrix[0].length;
    double[][] x = tall ? transposed(matrix) : matrix;
    double norm = 0;
    for (double[] row : x) {
      for (double value : row) {
        norm += value * value;
      }
    }
    x = combined(1 / Math.sqrt(norm), x, 0, x);
    for (int round = 0; round < 5; round++) {
      double[][] a = product(x, transposed(x));
      double[][] b = combined(-4.7750, a, 2.0315, product(a, a));
      x = combined(3.4445, x, 1, product(b, x));
    }
    return tall ? transposed(x) : x;
  }

  private static double[][] combined(double f, double[][] a, double g, double[][] b) {
    double[][] result = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        result[i][j] = f * a[i][j] + g * b[i][j];
      }
    }
    return result;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] result = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          result[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return result;
  }

  private static double[][] transposed(double[][] a) {
    double[][] result = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        result[j][i] = a[i][j];
      }
    }
    return result;
  }

  private static double[][] matrix(double[] values, int rows, int columns) {
    double[][] result = new double[rows][columns];
    for (int i = 0; i < values.length; i++) {
      result[i / columns][i % columns] = values[i];
    }
    return result;
  }
}
