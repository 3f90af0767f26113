package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarLineTest {
  private static final List<String> STATE =
      List.of("step 1,234", "158,000 images", "452/s", "loss 0.0123", "3:05 min left");

  @Test
  void line_wide_hasPercentBarAndTheWholeState() {
    assertThat(BarLine.line("train", 0.5, STATE, 130))
        .isEqualTo(
            "train  50 %  [###############...............]  step 1,234  158,000 images  452/s  loss 0.0123  3:05 min left");
  }

  @Test
  void line_narrower_hasAShorterBarThenNone() {
    assertThat(BarLine.line("train", 0.5, STATE, 90)).hasSize(90).contains("[######......]  step");
    assertThat(BarLine.line("train", 0.5, STATE, 80)).doesNotContain("[").contains("step 1,234");
  }

  @Test
  void line_atSixtyColumns_keepsLossAndTimeLeft() {
    assertThat(BarLine.line("train", 0.833, STATE, 60))
        .startsWith("train  83 %  ")
        .endsWith("452/s  loss 0.0123  3:05 min left");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 12, 20, 33, 59, 60, 61, 79, 80, 81, 100, 200})
  void line_anyWidth_isNoLonger(int width) {
    for (double done : new double[] {0, 0.004, 0.5, 0.999, 1}) {
      assertThat(BarLine.line("train", done, STATE, width)).hasSizeLessThanOrEqualTo(width);
    }
  }

  /** What is not finished is not called 100 %. */
  @Test
  void line_almostDone_saysNinetyNine() {
    assertThat(BarLine.line("x", 0.9999, List.of(), 40)).startsWith("x  99 %").contains("#.]");
    assertThat(BarLine.line("x", 1, List.of(), 40)).startsWith("x 100 %").doesNotContain(".");
  }
}
