package io.github.diffusion4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.likelihood.TimeSelection.Look;
import io.github.diffusion4j.torch.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSelectionTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.of(40, 1e-3, 0.3);

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 20, 39})
  void draw_weightsTimesLooks_countEachTimeOnceOnAverage(int looks) {
    TimeSelection times = TimeSelection.stratified(SCHEDULE, looks);
    int rounds = 20_000;
    double[] sum = new double[41];
    double[] squares = new double[41];

    for (int round = 0; round < rounds; round++) {
      List<Look> drawn = times.draw(Seed.of(1).derive(round));
      assertThat(drawn).hasSize(looks);
      for (int t = 1; t <= 40; t++) {
        int now = t;
        double counted = drawn.stream().filter(l -> l.t() == now).count() * times.weight(t);
        sum[t] += counted;
        squares[t] += counted * counted;
      }
    }

    for (int t = 1; t <= 40; t++) {
      double mean = sum[t] / rounds;
      double error = Math.sqrt(Math.max(0, squares[t] / rounds - mean * mean) / rounds);
      assertThat(mean).as("t = %d", t).isCloseTo(1, within(4.5 * error + 1e-12));
    }
    assertThat(sum[1]).isEqualTo(rounds);
  }

  @Test
  void draw_looks_haveDifferentNumbersAtOneTime() {
    TimeSelection times = TimeSelection.stratified(SCHEDULE, 30);

    for (int round = 0; round < 100; round++) {
      List<Look> drawn = times.draw(Seed.of(round));
      assertThat(new HashSet<>(drawn)).hasSameSizeAs(drawn);
    }
  }

  @Test
  void stratified_asManyLooksAsSteps_isAllTimes() {
    for (TimeSelection times :
        List.of(TimeSelection.stratified(SCHEDULE, 1000), TimeSelection.all(SCHEDULE))) {
      assertThat(times.looks()).isEqualTo(40);
      assertThat(times.draw(Seed.of(1)))
          .isEqualTo(IntStream.rangeClosed(1, 40).mapToObj(t -> new Look(t, 0)).toList());
      assertThat(times.weight(17)).isEqualTo(1);
    }
  }

  @Test
  void stratified_oneLook_isRefused() {
    assertThatThrownBy(() -> TimeSelection.stratified(SCHEDULE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("looks is 1; allowed: at least 2");
  }
}
