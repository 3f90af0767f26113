package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.LinearAlgebra;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerics")
class NewtonSchulzTest {

  @ParameterizedTest
  @CsvSource({"40, 8", "8, 40", "12, 12", "1, 5", "5, 1"})
  void orthogonalize_anyShape_movesAllSingularValuesNearOne(int rows, int columns) {
    try (Scope scope = Scope.open()) {
      Tensor result = NewtonSchulz.orthogonalize(spread(rows, columns));

      assertThat(result.shape()).containsExactly(rows, columns);
      for (double squared : squaredSingularValues(result)) {
        assertThat(Math.sqrt(squared)).isBetween(0.5, 1.5);
      }
    }
  }

  @Test
  void orthogonalize_multipleOfAMatrix_doesNotDependOnTheFactor() {
    try (Scope scope = Scope.open()) {
      Tensor matrix = Seed.of(1).normal(6, 9);
      double[] one = NewtonSchulz.orthogonalize(matrix).toDoubles();
      double[] large = NewtonSchulz.orthogonalize(matrix.times(1000)).toDoubles();

      assertNumbers(large).areCloseTo(one, 1e-4);
    }
  }

  @Test
  void orthogonalize_zeros_staysFinite() {
    try (Scope scope = Scope.open()) {
      assertThat(NewtonSchulz.orthogonalize(Tensor.zeros(3, 4)).norm().item()).isZero();
    }
  }

  /** A random matrix whose singular values lie between 1 and 10. */
  private static Tensor spread(int rows, int columns) {
    Tensor random = Seed.of(1).normal(rows, columns).to(DType.F64);
    boolean tall = rows > columns;
    Tensor wide = tall ? random.permute(1, 0) : random;
    int n = Math.min(rows, columns);
    double[] diagonal = new double[n * n];
    for (int i = 0; i < n; i++) {
      diagonal[i * n + i] = n == 1 ? 1 : 1 + 9.0 * i / (n - 1);
    }
    Tensor gram = LinearAlgebra.symmetricSqrt(wide.matmul(wide.permute(1, 0)));
    Tensor identity = Tensor.of(diagonal, n, n);
    Tensor result = identity.matmul(inverseOf(gram)).matmul(wide);
    return (tall ? result.permute(1, 0) : result).to(DType.F32);
  }

  /** Newton's iteration for the inverse of a symmetric positive matrix. */
  private static Tensor inverseOf(Tensor matrix) {
    Tensor inverse = matrix.dividedBy(matrix.square().sum().item());
    for (int i = 0; i < 60; i++) {
      inverse = inverse.times(2).minus(inverse.matmul(matrix).matmul(inverse));
    }
    return inverse;
  }

  private static double[] squaredSingularValues(Tensor matrix) {
    Tensor exact = matrix.to(DType.F64);
    boolean tall = matrix.size(0) > matrix.size(1);
    Tensor wide = tall ? exact.permute(1, 0) : exact;
    return LinearAlgebra.symmetricEigenvalues(wide.matmul(wide.permute(1, 0))).toDoubles();
  }
}
