package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractDoubleArrayAssert;
import org.assertj.core.api.AbstractFloatArrayAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A failing assertion about many numbers prints few of them. */
class NumbersAssertTest {
  private static final int MANY = 100_000;
  private static final Pattern NUMBER = Pattern.compile("NaN|Infinity|\\d[\\d.,E-]*");

  @Test
  void areCloseTo_withinTheTolerance_pass() {
    assertNumbers(1, 2.5, -3).areCloseTo(new double[] {1, 2, -3}, 0.5);
    assertNumbers(1f, 2.5f).areCloseTo(new float[] {1, 2}, 0.5);
    assertNumbers(Double.POSITIVE_INFINITY).areCloseTo(new double[] {1.0 / 0}, 0);
    assertNumbers(Float.NaN, -0f).areEqualTo(Float.NaN, -0f);
    assertNumbers(new double[0]).areEqualTo(new double[0]);
  }

  @Test
  void areCloseTo_beyondTheTolerance_saysWhereItIsLargest() {
    double[] actual = {0, 0.25, 7, 0.5};

    assertThatThrownBy(() -> assertNumbers(actual).as("pixels").areCloseTo(new double[4], 0.3))
        .hasMessage(
            "[pixels] 2 of 4 numbers deviate by more than 0.3, the first at [2]; most at [2]:"
                + " expected 0.0, was 7.0");
  }

  @Test
  void areCloseTo_notANumber_isTheLargestDeviation() {
    assertThatThrownBy(
            () -> assertNumbers(9, Double.NaN).areCloseTo(new double[] {0, Double.NaN}, 1e9))
        .hasMessageContaining("most at [1]: expected NaN, was NaN");
  }

  @Test
  void areEqualTo_otherSignOfZeroOrLength_fail() {
    assertThatThrownBy(() -> assertNumbers(0.0).areEqualTo(-0.0))
        .hasMessageContaining("1 of 1 numbers deviate");
    assertThatThrownBy(() -> assertNumbers(1, 2).areEqualTo(1.0))
        .hasMessage("2 numbers; expected: 1");
  }

  static List<ThrowingCallable> failuresOfManyNumbers() {
    double[] nan = new double[MANY];
    Arrays.fill(nan, Double.NaN);
    double[] zeros = new double[MANY];
    return List.of(
        () -> assertNumbers(nan).areCloseTo(zeros, 1e-5),
        () -> assertNumbers(nan).areEqualTo(zeros),
        () -> assertNumbers(new float[MANY]).areCloseTo(new float[] {1}, 1e-5));
  }

  @ParameterizedTest
  @MethodSource("failuresOfManyNumbers")
  void message_ofManyNumbers_hasTenAtMost(ThrowingCallable assertion) {
    String message = catchThrowable(assertion).getMessage();

    assertThat(message).hasSizeLessThan(200);
    assertThat(NUMBER.matcher(message).results().map(MatchResult::group)).hasSizeBetween(1, 10);
  }

  static Stream<ThrowingCallable> failuresOfAssertJ() {
    double[] numbers = new double[MANY];
    float[] floats = new float[MANY];
    return Stream.of(
        () -> assertThat(numbers).isEmpty(),
        () -> assertThat(floats).containsOnly(1),
        () -> assertThat(floats).isEqualTo(new float[] {1}),
        () -> assertThat(Arrays.stream(numbers).boxed().toList()).isEmpty());
  }

  /** Where an assertion of AssertJ itself is used, each array in its message is cut. */
  @ParameterizedTest
  @MethodSource("failuresOfAssertJ")
  void messageOfAssertJ_ofManyNumbers_isShort(ThrowingCallable assertion) {
    assertThat(catchThrowable(assertion).getMessage()).hasSizeLessThan(500);
  }

  /** {@code containsExactly} with an offset takes a time that is the square of the length. */
  @Test
  void tests_ofManyNumbers_useAssertNumbers() {
    ArchRuleDefinition.noClasses()
        .should()
        .callMethod(
            AbstractDoubleArrayAssert.class, "containsExactly", double[].class, Offset.class)
        .orShould()
        .callMethod(AbstractFloatArrayAssert.class, "containsExactly", float[].class, Offset.class)
        .because("NumbersAssert is linear and its messages are short")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.github.diffusion4j"));
  }
}
