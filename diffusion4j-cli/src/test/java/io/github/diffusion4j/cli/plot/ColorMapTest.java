package io.github.diffusion4j.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColorMapTest {
  private static final int STEPS = 16;

  /** L* of CIELAB, another measure of lightness than the one the colors are made with. */
  private static double lightness(double share) {
    Color color = ColorMap.of(share);
    double luminance =
        0.2126 * linear(color.getRed())
            + 0.7152 * linear(color.getGreen())
            + 0.0722 * linear(color.getBlue());
    return 116 * Math.cbrt(luminance) - 16;
  }

  private static double linear(int value) {
    double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  @Test
  void lightness_fallsEvenlyFromWhiteToDark() {
    double[] steps =
        IntStream.range(0, STEPS)
            .mapToDouble(i -> lightness((double) i / STEPS) - lightness((double) (i + 1) / STEPS))
            .toArray();

    double mean = DoubleStream.of(steps).average().orElseThrow();
    assertThat(lightness(0)).isGreaterThan(97);
    assertThat(lightness(1)).isLessThan(20);
    for (double step : steps) {
      assertThat(step).isCloseTo(mean, within(0.4 * mean));
    }
  }

  @Test
  void colors_needNoCuttingToBeShown() {
    for (int i = 0; i <= 100; i++) {
      double[] lab = ColorMap.lab(i / 100.0);
      for (double light : ColorMap.linear(lab)) {
        assertThat(light).as("%d %%", i).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void sharesBeyondTheEnds_getTheEndsColors() {
    assertThat(ColorMap.rgb(-3)).isEqualTo(ColorMap.rgb(0));
    assertThat(ColorMap.rgb(7)).isEqualTo(ColorMap.rgb(1));
  }
}
