package io.github.diffusion4j.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RangeTest {
  @Test
  void ticks_areRoundNumbersInside() {
    assertThat(new Range(0, 1000).ticks(10)).hasSize(11).startsWith(0, 100).endsWith(1000);
    assertThat(new Range(-3.5, 3.5).ticks(6)).containsExactly(-3, -2, -1, 0, 1, 2, 3);
    assertThat(new Range(-0.18, 0.17).ticks(4))
        .containsExactly(new double[] {-0.1, 0, 0.1}, within(1e-12));
  }

  @Test
  void grid_hasBothEnds() {
    assertThat(new Range(-1, 2).grid(4)).containsExactly(-1, 0, 1, 2);
  }

  @Test
  void emptyRange_isRefused() {
    assertThatThrownBy(() -> new Range(1, 1)).hasMessageContaining("1.0…1.0");
  }
}
