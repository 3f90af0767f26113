package io.github.diffusion4j;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the numbers of tensors: in time proportional to their count, with a message that
 * says where the largest deviation is and has no more than ten numbers. AssertJ's {@code
 * containsExactly} searches each number among all others, which takes minutes for an image of NaNs.
 */
public final class NumbersAssert extends AbstractAssert<NumbersAssert, double[]> {

  private NumbersAssert(double... actual) {
    super(actual, NumbersAssert.class);
  }

  /** Begins an assertion on numbers, in the order of memory. */
  public static NumbersAssert assertNumbers(double... actual) {
    return new NumbersAssert(actual);
  }

  /** Begins an assertion on numbers, in the order of memory. */
  public static NumbersAssert assertNumbers(float... actual) {
    return new NumbersAssert(doubles(actual));
  }

  /** Each number lies within {@code tolerance} of the expected one; NaN lies nowhere. */
  public NumbersAssert areCloseTo(double[] expected, double tolerance) {
    return none(
        i -> !(distance(actual[i], expected[i]) <= tolerance),
        "by more than " + tolerance,
        expected);
  }

  /** Each number lies within {@code tolerance} of the expected one; NaN lies nowhere. */
  public NumbersAssert areCloseTo(float[] expected, double tolerance) {
    return areCloseTo(doubles(expected), tolerance);
  }

  /** Each number is the expected one: the sign of zero counts, and NaN is NaN. */
  public NumbersAssert areEqualTo(double... expected) {
    return none(i -> Double.compare(actual[i], expected[i]) != 0, "from those expected", expected);
  }

  /** Each number is the expected one: the sign of zero counts, and NaN is NaN. */
  public NumbersAssert areEqualTo(float... expected) {
    return areEqualTo(doubles(expected));
  }

  private NumbersAssert none(IntPredicate deviates, String how, double... expected) {
    isNotNull();
    if (actual.length != expected.length) {
      throw failure("%s", actual.length + " numbers; expected: " + expected.length);
    }
    int[] off = IntStream.range(0, expected.length).filter(deviates).toArray();
    if (off.length == 0) {
      return this;
    }
    int most = off[0];
    for (int i : off) {
      most = distance(actual[i], expected[i]) > distance(actual[most], expected[most]) ? i : most;
    }
    throw failure(
        "%s of %s numbers deviate %s, the first at [%s]; most at [%s]: expected %s, was %s",
        off.length, expected.length, how, off[0], most, expected[most], actual[most]);
  }

  /** The distance of two numbers; infinite if either is NaN. */
  private static double distance(double a, double b) {
    double distance = a == b ? 0 : Math.abs(a - b);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  private static double[] doubles(float... values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
