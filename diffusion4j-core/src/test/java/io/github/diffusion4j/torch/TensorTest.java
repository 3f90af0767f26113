package io.github.diffusion4j.torch;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each verb against a plain Java loop. */
@Tag("numerics")
class TensorTest {
  private static final double[] A = random(1, 12);
  private static final double[] B = random(2, 12);

  private Scope scope;
  private Tensor a;
  private Tensor b;

  @BeforeEach
  void open() {
    scope = Scope.open();
    a = Tensor.of(A, 3, 4);
    b = Tensor.of(B, 3, 4);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void arithmetic_twoTensors_equalsLoop() {
    assertElements(a.plus(b), (x, y) -> x + y);
    assertElements(a.minus(b), (x, y) -> x - y);
    assertElements(a.times(b), (x, y) -> x * y);
    assertElements(a.dividedBy(b), (x, y) -> x / y);
  }

  @Test
  void arithmetic_tensorAndNumber_equalsLoop() {
    assertElements(a.plus(0.1), x -> x + 0.1);
    assertElements(a.minus(0.1), x -> x - 0.1);
    assertElements(a.times(0.1), x -> x * 0.1);
    assertElements(a.dividedBy(0.1), x -> x / 0.1);
    assertElements(a.negated(), x -> -x);
  }

  @Test
  void functions_elementwise_equalsLoop() {
    assertElements(a.square(), x -> x * x);
    assertElements(a.abs(), Math::abs);
    assertElements(a.exp(), Math::exp);
    assertElements(a.square().sqrt(), Math::abs);
    assertElements(a.exp().log(), x -> x);
    assertElements(a.clamp(-0.25, 0.5), x -> Math.max(-0.25, Math.min(0.5, x)));
    assertElements(a.times(10).round(), x -> Math.rint(x * 10));
  }

  @Test
  void round_halves_goToEven() {
    Tensor halves = Tensor.of(new double[] {-1.5, -0.5, 0.5, 1.5, 2.5}, 5);

    assertThat(halves.round().toDoubles()).containsExactly(-2, -0.0, 0, 2, 2);
  }

  @Test
  void arithmetic_differentShapes_broadcasts() {
    Tensor row = Tensor.of(new double[] {10, 20, 30, 40}, 4);

    double[] sum = a.plus(row).toDoubles();

    for (int i = 0; i < 12; i++) {
      assertThat(sum[i]).isEqualTo(A[i] + 10 * (i % 4 + 1));
    }
  }

  @Test
  void arithmetic_shapesThatDoNotFit_throwsRuntimeException() {
    Tensor five = Tensor.zeros(5);

    assertThatThrownBy(() -> a.plus(five)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void matmul_matrices_equalsLoop() {
    double[] product = a.matmul(b.permute(1, 0)).toDoubles();

    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k < 4; k++) {
          sum += A[i * 4 + k] * B[j * 4 + k];
        }
        assertThat(product[i * 3 + j]).isCloseTo(sum, within(1e-14));
      }
    }
  }

  @Test
  void reductions_allElements_equalsLoop() {
    double sum = Arrays.stream(A).sum();
    double squares = Arrays.stream(A).map(x -> x * x).sum();

    assertThat(a.sum().item()).isCloseTo(sum, within(1e-14));
    assertThat(a.mean().item()).isCloseTo(sum / 12, within(1e-15));
    assertThat(a.norm().item()).isCloseTo(Math.sqrt(squares), within(1e-14));
    assertThat(a.mean().shape()).isEmpty();
  }

  @Test
  void reductions_oneDimension_leavesTheOther() {
    Tensor columns = a.sum(0);
    Tensor rows = a.mean(1);

    assertThat(columns.shape()).containsExactly(4);
    assertThat(columns.toDoubles()[1]).isCloseTo(A[1] + A[5] + A[9], within(1e-15));
    assertThat(rows.shape()).containsExactly(3);
    assertThat(rows.toDoubles()[2]).isCloseTo((A[8] + A[9] + A[10] + A[11]) / 4, within(1e-15));
  }

  @Test
  void argmax_rows_namesLargestColumn() {
    Tensor scores = Tensor.of(new double[] {1, 5, 3, 9, 0, -1}, 2, 3);

    assertThat(scores.argmax().toLongs()).containsExactly(1, 0);
  }

  @Test
  void reshape_minusOne_infersExtent() {
    Tensor reshaped = a.reshape(2, -1);

    assertThat(reshaped.shape()).containsExactly(2, 6);
    assertThat(reshaped.toDoubles()).containsExactly(A);
  }

  @Test
  void views_permuteNarrowSelectFlip_readRowMajor() {
    assertThat(a.permute(1, 0).toDoubles()).containsExactly(picked(i -> (i % 3) * 4 + i / 3, 12));
    assertThat(a.narrow(1, 1, 2).toDoubles()).containsExactly(A[1], A[2], A[5], A[6], A[9], A[10]);
    assertThat(a.select(0, 2).toDoubles()).containsExactly(picked(i -> 8 + i, 4));
    assertThat(a.flip(1).toDoubles()).containsExactly(picked(i -> i / 4 * 4 + 3 - i % 4, 12));
    assertThat(a.select(0, 1).expand(2, 4).toDoubles()).containsExactly(picked(i -> 4 + i % 4, 8));
    assertThat(a.size(-1)).isEqualTo(4);
    assertThat(a.numel()).isEqualTo(12);
  }

  @Test
  void rows_repeatedIndex_repeatsRow() {
    Tensor rows = a.rows(Tensor.of(new long[] {2, 0, 2}, 3));

    assertThat(rows.toDoubles())
        .containsExactly(picked(i -> new int[] {8, 0, 8}[i / 4] + i % 4, 12));
  }

  @Test
  void cat_alongEachDimension_joins() {
    assertThat(Tensor.cat(List.of(a, b), 0).toDoubles())
        .containsExactly(
            IntStream.range(0, 24).mapToDouble(i -> i < 12 ? A[i] : B[i - 12]).toArray());
    Tensor wide = Tensor.cat(List.of(a, b), 1);
    assertThat(wide.shape()).containsExactly(3, 8);
    assertThat(wide.select(0, 1).toDoubles())
        .containsExactly(A[4], A[5], A[6], A[7], B[4], B[5], B[6], B[7]);
  }

  @Test
  void stack_twoTensors_makesNewDimension() {
    Tensor stacked = Tensor.stack(List.of(a, b), 0);

    assertThat(stacked.shape()).containsExactly(2, 3, 4);
    assertThat(stacked.select(0, 1).toDoubles()).containsExactly(B);
  }

  @Test
  void inPlace_verbs_changeThisTensor() {
    assertElements(a.copy().lerpInPlace(b, 0.25), (x, y) -> x + 0.25 * (y - x));
    assertElements(a.copy().plusInPlace(b, -3), (x, y) -> x - 3 * y);
    assertElements(a.copy().timesInPlace(7), x -> x * 7);
    assertElements(a.copy().fillInPlace(7), x -> 7);
    assertElements(a.copy().copyInPlace(b), (x, y) -> y);
    assertElements(a.copy().addProductInPlace(b, a, 0.5), (x, y) -> x + 0.5 * y * x);
    assertElements(a.copy().addQuotientInPlace(b, a, 0.5), (x, y) -> x + 0.5 * y / x);
  }

  @Test
  void inPlace_result_isTheSameObject() {
    assertThat(a.timesInPlace(2)).isSameAs(a);
  }

  @Test
  void copy_changedLater_leavesOriginal() {
    a.copy().fillInPlace(0);

    assertThat(a.toDoubles()).containsExactly(A);
  }

  @Test
  void contiguous_ofTransposed_keepsElements() {
    Tensor transposed = a.permute(1, 0);

    assertNumbers(transposed.contiguous().toDoubles()).areEqualTo(transposed.toDoubles());
  }

  @Test
  void channelsLast_image_keepsLogicalOrder() {
    double[] pixels = random(3, 2 * 3 * 4 * 5);
    Tensor image = Tensor.of(pixels, 2, 3, 4, 5).channelsLast();

    assertThat(image.shape()).containsExactly(2, 3, 4, 5);
    assertThat(image.toDoubles()).containsExactly(pixels);
    assertThat(ByteBuffer.wrap(image.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getDouble(8))
        .isEqualTo(pixels[1]);
  }

  @ParameterizedTest
  @EnumSource
  void bytes_eachType_roundTrip(DType type) {
    byte[] bytes = new byte[6 * type.bytes()];
    new Random(4).nextBytes(bytes);
    if (type == DType.BOOL) {
      bytes = new byte[] {0, 1, 1, 0, 1, 0};
    }

    Tensor tensor = Tensor.of(type, bytes, 2, 3);

    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.toBytes()).containsExactly(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void values_eachType_convertThere_andBack(DType type) {
    double[] values = type == DType.BOOL ? new double[] {0, 1, 1} : new double[] {0, 1, 100};

    Tensor tensor = Tensor.of(values, 3).to(type);

    assertThat(tensor.toDoubles()).containsExactly(values);
    assertThat(tensor.toFloats())
        .containsExactly((float) values[0], (float) values[1], (float) values[2]);
    assertThat(tensor.toLongs())
        .containsExactly((long) values[0], (long) values[1], (long) values[2]);
    assertThat(tensor.to(DType.F64).type()).isEqualTo(DType.F64);
    assertThat(tensor.to(Device.CPU).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource
  void zeros_eachType_areZero(DType type) {
    assertThat(Tensor.zeros(type, 4).toLongs()).containsExactly(0, 0, 0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void empty_eachType_hasNoElements(DType type) {
    Tensor empty = Tensor.of(type, new byte[0], 0, 3);

    assertThat(empty.toBytes()).isEmpty();
    assertThat(empty.toDoubles()).isEmpty();
    assertThat(empty.toFloats()).isEmpty();
    assertThat(empty.toLongs()).isEmpty();
  }

  @Test
  void of_emptyArrays_haveNoElements() {
    assertThat(Tensor.of(new float[0], 0).numel()).isZero();
    assertThat(Tensor.of(new double[0], 0).numel()).isZero();
    assertThat(Tensor.of(new long[0], 2, 0).numel()).isZero();
  }

  @Test
  void of_arrays_haveTheTypeOfTheArray() {
    assertThat(Tensor.of(new float[] {0.1f}, 1).type()).isEqualTo(DType.F32);
    assertThat(Tensor.of(new double[] {0.1}, 1).type()).isEqualTo(DType.F64);
    assertThat(Tensor.of(new long[] {Long.MAX_VALUE}, 1).toLongs()).containsExactly(Long.MAX_VALUE);
    assertThat(Tensor.of(new float[] {0.5f}).item()).isEqualTo(0.5);
  }

  @Test
  void of_arrayChangedLater_keepsValues() {
    float[] data = {1, 2};
    Tensor tensor = Tensor.of(data, 2);

    data[0] = 9;

    assertThat(tensor.toFloats()).containsExactly(1, 2);
  }

  @Test
  void of_valuesThatDoNotFillShape_namesBoth() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 values do not fill the shape [2, 3]");
    assertThatThrownBy(() -> Tensor.of(DType.F16, new byte[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 bytes do not fill [2, 3] of F16");
    assertThatThrownBy(() -> Tensor.of(new float[6], -2, -3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void full_andArange_haveTheirValues() {
    assertThat(Tensor.full(0.1, 2).toFloats()).containsExactly(0.1f, 0.1f);
    assertThat(Tensor.full(3, 2).type()).isEqualTo(DType.F32);
    assertThat(Tensor.arange(4).toLongs()).containsExactly(0, 1, 2, 3);
    assertThat(Tensor.arange(4).type()).isEqualTo(DType.I64);
    assertThat(Tensor.zeros(2, 2).toString()).isEqualTo("F32[2, 2]");
  }

  @Test
  void symmetricSqrt_ofGramMatrix_squaresBack() {
    Tensor gram = a.permute(1, 0).matmul(a); // 4 × 4 of rank 3
    Tensor root = LinearAlgebra.symmetricSqrt(gram);

    assertClose(root.matmul(root), gram.toDoubles(), 1e-12);
    assertClose(root, root.permute(1, 0).toDoubles(), 1e-12);
  }

  @Test
  void symmetricFactor_ofGramMatrix_hasItsRankAndMultipliesBack() {
    Tensor gram = a.permute(1, 0).matmul(a); // 4 × 4 of rank 3
    Tensor factor = LinearAlgebra.symmetricFactor(gram);

    assertThat(factor.shape()).containsExactly(4, 3);
    assertClose(factor.matmul(factor.permute(1, 0)), gram.toDoubles(), 1e-12);
    assertThat(LinearAlgebra.symmetricFactor(Tensor.zeros(DType.F64, 2, 2)).shape())
        .containsExactly(2, 0);
  }

  @Test
  void singularValues_knownMatrix_descend() {
    Tensor matrix = Tensor.of(new double[] {0, 3, -4, 0, 0, 0}, 3, 2);

    assertClose(LinearAlgebra.singularValues(matrix), new double[] {4, 3}, 1e-14);
  }

  @Test
  void symmetricEigenvalues_knownMatrix_ascend() {
    Tensor matrix = Tensor.of(new double[] {2, 1, 1, 2}, 2, 2);

    assertClose(LinearAlgebra.symmetricEigenvalues(matrix), new double[] {1, 3}, 1e-14);
  }

  private static void assertElements(Tensor actual, DoubleBinaryOperator loop) {
    assertThat(actual.shape()).containsExactly(3, 4);
    double[] expected =
        IntStream.range(0, 12).mapToDouble(i -> loop.applyAsDouble(A[i], B[i])).toArray();
    assertClose(actual, expected, 1e-15);
  }

  private static void assertElements(Tensor actual, DoubleUnaryOperator loop) {
    assertElements(actual, (x, y) -> loop.applyAsDouble(x));
  }

  private static void assertClose(Tensor actual, double[] expected, double relative) {
    double[] values = actual.toDoubles();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      assertThat(values[i]).as("element %d", i).isCloseTo(expected[i], within(relative * scale));
    }
  }

  private static double[] picked(IntUnaryOperator index, int count) {
    return IntStream.range(0, count).map(index).mapToDouble(i -> A[i]).toArray();
  }

  private static double[] random(long seed, int count) {
    return new SplittableRandom(seed).doubles(count, -1, 1).toArray();
  }
}
