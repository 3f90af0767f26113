package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.evaluation.DigitScore;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartVerdictTest {
  private static DigitScore score(double distance, double share) {
    return new DigitScore(distance, share, Collections.nCopies(10, 51));
  }

  /**
   * The numbers of quickstarts of 5 minutes, 1 minute, 18 seconds, and one minute of a slow core.
   */
  @ParameterizedTest
  @CsvSource({
    "17.8, 0.73, DIGITS", "61.8, 0.40, PARTLY", "198.8, 0.12, UNREADABLE", "805, 0.01, UNREADABLE",
    "20, 0.2, UNREADABLE", "300, 0.9, UNREADABLE", "60, 0.9, PARTLY", "6.6, 0.96, DIGITS"
  })
  void quality_isTheWorseOfDistanceAndShare(
      double distance, double share, QuickstartVerdict.Quality quality) {
    assertThat(QuickstartVerdict.Quality.of(score(distance, share), distance - 6.6))
        .isEqualTo(quality);
  }

  @Test
  void onlyDigits_areCalledNewDigits() {
    QuickstartVerdict good = QuickstartVerdict.of(score(14, 0.75), 7, 126_000, 420);
    QuickstartVerdict poor = QuickstartVerdict.of(score(62, 0.40), 55, 20_000, 420);
    QuickstartVerdict none = QuickstartVerdict.of(score(805, 0.01), 798, 1_000, 30);

    assertThat(good.title()).startsWith("New digits");
    assertThat(good.advice()).isEmpty();
    assertThat(poor.title()).contains("40 of 100").doesNotContain("New digits");
    assertThat(none.title()).startsWith("Not digits yet").contains("1 of 100");
  }

  @Test
  void advice_isTheTimeThatThisMachineNeeds() {
    QuickstartVerdict slow = QuickstartVerdict.of(score(805, 0.01), 798, 1_000, 30);
    QuickstartVerdict spent = QuickstartVerdict.of(score(50, 0.5), 43, 200_000, 420);

    // 126,000 images at 30 a second are 70 minutes of training
    assertThat(slow.advice())
        .hasValueSatisfying(
            advice -> assertThat(advice).startsWith("train longer: ").endsWith("--minutes 81"));
    assertThat(spent.advice()).hasValueSatisfying(advice -> assertThat(advice).contains("400,000"));
  }
}
