package io.github.diffusion4j.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void of_isTheMedianOfTheRatiosOfPairs_notTheRatioOfMedians() {
    // Ratios 2, 3 and 1.5; the medians are 2 and 6, whose ratio is 3.
    Ratio ratio = Ratio.of(List.of(laps(1), laps(2), laps(4)), List.of(laps(2), laps(6), laps(6)));

    assertThat(ratio).isEqualTo(new Ratio(2, 1.5, 3));
    assertThat(ratio).hasToString("2.00 (1.50…3.00)");
  }

  @Test
  void of_oneSlowRepetition_doesNotCount() {
    Ratio ratio = Ratio.of(List.of(laps(1, 1, 100)), List.of(laps(2, 2, 2)));

    assertThat(ratio.median()).isEqualTo(2);
  }

  @Test
  void of_bothSidesSwapped_givesTheReciprocal() {
    List<Laps> ours = List.of(laps(1, 3), laps(5));
    List<Laps> theirs = List.of(laps(7), laps(2, 2.5));

    Ratio there = Ratio.of(ours, theirs);
    Ratio back = Ratio.of(theirs, ours);

    assertThat(there.least() * back.most()).isEqualTo(1);
  }

  @Test
  void of_sidesWithoutPairs_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratio.of(List.of(laps(1)), List.of()))
        .withMessageContaining("1 rounds of ours and 0");
  }

  @Test
  void median_ofAnEvenNumber_isTheMeanOfTheTwoInTheMiddle() {
    assertThat(Median.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3);
  }

  private static Laps laps(double... seconds) {
    return new Laps(Arrays.stream(seconds).boxed().toList(), OptionalLong.empty());
  }
}
