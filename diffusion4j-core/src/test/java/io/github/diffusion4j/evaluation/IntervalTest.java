package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

  /** Student's quantiles as tables have them. */
  @Test
  void student_fewDegrees_isAsWideAsTheTablesSay() {
    assertThat(Interval.student(0, 1, 3).high()).isCloseTo(3.182, within(0.01));
    assertThat(Interval.student(0, 1, 9).high()).isCloseTo(2.262, within(1e-3));
    assertThat(Interval.student(0, 1, 19).high()).isCloseTo(2.093, within(1e-3));
    assertThat(Interval.student(0, 1, 100_000).high()).isCloseTo(1.96, within(1e-3));
    assertThat(Interval.student(5, 1, 9).low()).isCloseTo(5 - 2.262, within(1e-3));
  }

  /** The interval of 0 hits ends at z² / (n + z²), and that of few trials at 1 − 0.025^(1/n). */
  @Test
  void ofShare_noHits_isWilsonsOrTheExactOne() {
    assertThat(Interval.ofShare(0, 1000).low()).isZero();
    assertThat(Interval.ofShare(0, 1000).high()).isCloseTo(3.8415 / 1003.8415, within(1e-6));
    assertThat(Interval.ofShare(0, 10).high()).isCloseTo(0.3085, within(1e-4));
    assertThat(Interval.ofShare(10, 10).high()).isEqualTo(1);
    assertThat(Interval.ofShare(50, 100).holds(0.5)).isTrue();
  }

  /** Clopper and Pearson's bound of 0 hits, 1 − 0.025^(1/n), is exact. */
  @ParameterizedTest
  @ValueSource(ints = {5, 20, 100, 10_000})
  void ofShare_noHits_isNotShorterThanTheExactInterval(int trials) {
    double exact = 1 - Math.pow(0.025, 1.0 / trials);

    assertThat(Interval.ofShare(0, trials).high()).isBetween(exact - 1e-12, 1.05 * exact);
    assertThat(Interval.ofShare(trials, trials).low())
        .isBetween(1 - 1.05 * exact, 1 - exact + 1e-12);
  }

  /** By the binomial distribution itself, over probabilities that lie evenly in (0, 1). */
  @ParameterizedTest
  @ValueSource(ints = {20, 100})
  void ofShare_everyProbability_isCoveredNinetyFiveTimesOfAHundred(int trials) {
    double sum = 0;
    for (int i = 0; i < 1000; i++) {
      double p = (i + 0.5) / 1000;
      double probability = Math.pow(1 - p, trials); // of no hit
      for (int hits = 0; hits <= trials; hits++) {
        sum += Interval.ofShare(hits, trials).holds(p) ? probability / 1000 : 0;
        probability *= (trials - hits) / (hits + 1.0) * p / (1 - p);
      }
    }

    assertThat(sum).isBetween(0.945, 0.96);
  }

  @Test
  void hullAndTimes_ofIntervals_areThoseOfTheirEnds() {
    assertThat(new Interval(1, 3).hull(new Interval(2, 5))).isEqualTo(new Interval(1, 5));
    assertThat(new Interval(1, 3).hull(new Interval(1.5, 2))).isEqualTo(new Interval(1, 3));
    assertThat(new Interval(1, 3).times(2)).isEqualTo(new Interval(2, 6));
  }

  /** Of 100 values, those of ranks 41 and 61 or a neighbor of them. */
  @Test
  void ofMedian_hundredValues_isBetweenTheirRanks() {
    double[] values = IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();

    assertThat(Interval.ofMedian(values).low()).isBetween(39.0, 42.0);
    assertThat(Interval.ofMedian(values).high()).isBetween(60.0, 62.0);
  }

  @Test
  void toString_digits_areByTheWidth() {
    assertThat(new Interval(12.3456, 12.9876)).hasToString("12.35 … 12.99");
    assertThat(new Interval(-0.00012345, 0.00023456)).hasToString("-0.00012 … 0.00023");
    assertThat(new Interval(1234.5, 1267.8)).hasToString("1235 … 1268");
  }

  @Test
  void construct_wrongOrder_isRefused() {
    assertThatThrownBy(() -> new Interval(1, 0)).hasMessageContaining("allowed: ends in order");
    assertThatThrownBy(() -> new Interval(Double.NaN, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Interval.student(0, 1, 2)).hasMessageContaining("3 or more");
  }
}
