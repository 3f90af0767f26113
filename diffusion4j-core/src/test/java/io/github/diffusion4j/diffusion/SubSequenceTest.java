package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected lists are diffusers' 0-based ones, descending; each is one less than our time. */
class SubSequenceTest {

  @Test
  void leading_ofThousand_equalsDiffusers() {
    assertThat(zeroBased(SubSequence.leading(1000, 7)))
        .containsExactly(852, 710, 568, 426, 284, 142, 0);
    assertThat(zeroBased(SubSequence.leading(1000, 50)))
        .containsExactly(IntStream.range(0, 50).map(i -> 980 - 20 * i).toArray());
  }

  @Test
  void trailing_ofThousand_equalsDiffusers() {
    assertThat(zeroBased(SubSequence.trailing(1000, 7)))
        .containsExactly(999, 856, 713, 570, 428, 285, 142);
    assertThat(zeroBased(SubSequence.trailing(1000, 50)))
        .containsExactly(IntStream.range(0, 50).map(i -> 999 - 20 * i).toArray());
    assertThat(SubSequence.trailing(1000, 10).t(1)).isEqualTo(100);
  }

  @Test
  void linspace_ofThousand_equalsDiffusers() {
    assertThat(zeroBased(SubSequence.linspace(1000, 50))).startsWith(999, 979, 958, 938);
    assertThat(zeroBased(SubSequence.linspace(1000, 50))).endsWith(20, 0);
    assertThat(zeroBased(SubSequence.linspace(1000, 10)))
        .containsExactly(999, 888, 777, 666, 555, 444, 333, 222, 111, 0);
    assertThat(SubSequence.linspace(1000, 1).t(1)).isEqualTo(1000);
  }

  @Test
  void withoutFirst_oneMore_equalsDiffusersMultistepSolvers() {
    assertThat(zeroBased(SubSequence.linspace(1000, 11).withoutFirst()))
        .containsExactly(999, 899, 799, 699, 599, 500, 400, 300, 200, 100);
    assertThat(zeroBased(SubSequence.leading(1000, 9).withoutFirst()))
        .containsExactly(888, 777, 666, 555, 444, 333, 222, 111);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 10, 37})
  void spacings_everyLength_ascendWithinRange(int steps) {
    for (int length = 1; length <= steps; length++) {
      assertValid(SubSequence.leading(steps, length), steps, length);
      assertValid(SubSequence.trailing(steps, length), steps, length);
      assertValid(SubSequence.linspace(steps, length), steps, length);
      assertThat(SubSequence.trailing(steps, length).t(length)).isEqualTo(steps);
      assertThat(SubSequence.linspace(steps, length).t(length)).isEqualTo(steps);
      assertThat(SubSequence.leading(steps, length).t(1)).isEqualTo(1);
    }
  }

  @Test
  void spacings_fullLength_visitEveryStep() {
    String all = SubSequence.all(10).toString();

    assertThat(all).isEqualTo("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
    assertThat(SubSequence.leading(10, 10)).hasToString(all);
    assertThat(SubSequence.trailing(10, 10)).hasToString(all);
    assertThat(SubSequence.linspace(10, 10)).hasToString(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 11})
  void spacings_lengthOutsideRange_nameTheRange(int length) {
    String message = "number of sampling steps is " + length + "; allowed: 1…10";

    assertThatThrownBy(() -> SubSequence.leading(10, length)).hasMessage(message);
    assertThatThrownBy(() -> SubSequence.trailing(10, length)).hasMessage(message);
    assertThatThrownBy(() -> SubSequence.linspace(10, length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void all_ofNoSteps_isRefused() {
    assertThatThrownBy(() -> SubSequence.all(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SubSequence.all(-3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void of_stepsThatDoNotAscend_showsThem() {
    assertThatThrownBy(() -> SubSequence.of(3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must ascend from 1 on; got [3, 3]");
    assertThatThrownBy(() -> SubSequence.of(0, 3))
        .hasMessage("steps must ascend from 1 on; got [0, 3]");
    assertThatThrownBy(() -> SubSequence.of())
        .hasMessage("a sub-sequence has at least one step; got none");
  }

  @Test
  void of_givenSteps_areCopied() {
    int[] steps = {2, 5};
    SubSequence tau = SubSequence.of(steps);

    steps[0] = 4;

    assertThat(tau).hasToString("[2, 5]");
    assertThat(tau.t(0)).isZero();
  }

  private static void assertValid(SubSequence tau, int steps, int length) {
    assertThat(tau.length()).isEqualTo(length);
    assertThat(tau.t(0)).isZero();
    assertThat(tau.t(length)).isLessThanOrEqualTo(steps);
    for (int s = 1; s <= length; s++) {
      assertThat(tau.t(s)).isGreaterThan(tau.t(s - 1));
    }
  }

  private static int[] zeroBased(SubSequence tau) {
    return IntStream.range(0, tau.length()).map(i -> tau.t(tau.length() - i) - 1).toArray();
  }
}
