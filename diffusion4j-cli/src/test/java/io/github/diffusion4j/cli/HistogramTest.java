package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.cli.plot.Range;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final double[] NUMBERS = {-1, -0.5, 0, 0.25, 0.49, 0.99, 1, 7};

  @Test
  void density_isTheShareOfAllNumbersByWidth() {
    Histogram histogram = Histogram.of(NUMBERS, new Range(-1, 1), 4);

    assertThat(histogram.density())
        .containsExactly(new double[] {2.0 / 8, 2.0 / 8, 6.0 / 8, 2.0 / 8}, within(1e-12));
    assertThat(histogram.centers()).containsExactly(-0.75, -0.25, 0.25, 0.75);
  }

  @Test
  void outline_runsAlongTheTopsOfTheBins() {
    double[][] outline = Histogram.of(NUMBERS, new Range(-1, 1), 2).outline();

    assertThat(outline[0]).containsExactly(-1, 0, 0, 1);
    assertThat(outline[1]).containsExactly(new double[] {0.25, 0.25, 0.5, 0.5}, within(1e-12));
  }
}
