package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DigitScoreTest {
  @Test
  void spread_equallyManyOfEach_isOne() {
    DigitScore score = new DigitScore(0, 1, List.of(7, 7, 7, 7, 7, 7, 7, 7, 7, 7));

    assertThat(score.spread()).isCloseTo(1, within(1e-12));
    assertThat(score.samples()).isEqualTo(70);
  }

  @Test
  void spread_allOneDigit_isZero() {
    assertThat(new DigitScore(0, 1, List.of(0, 0, 9, 0, 0, 0, 0, 0, 0, 0)).spread()).isZero();
  }

  @Test
  void spread_twoDigitsOnly_isLogTwoOverLogTen() {
    assertThat(new DigitScore(0, 1, List.of(5, 0, 0, 0, 0, 0, 0, 0, 0, 5)).spread())
        .isCloseTo(Math.log10(2), within(1e-12));
  }
}
