package io.github.diffusion4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BitsPerDimensionTest {
  @Test
  void of_twoDraws_tellsTheNoiseFromTheImages() {
    BitsPerDimension bits = BitsPerDimension.of(new double[][] {{1, 3}, {4, 6}, {9, 7}});

    assertThat(bits.mean()).isEqualTo(5);
    // Means of images 2, 5, 8: variance 9, of the mean of three 3.
    assertThat(bits.standardError()).isCloseTo(Math.sqrt(3), within(1e-12));
    // Each pair has variance 2, its mean 1, the mean of three images 1/3.
    assertThat(bits.noiseError().orElseThrow()).isCloseTo(Math.sqrt(1.0 / 3), within(1e-12));
  }

  @Test
  void of_oneDraw_saysNothingOfTheNoise() {
    BitsPerDimension bits = BitsPerDimension.of(new double[][] {{1}, {2}, {3}});

    assertThat(bits.noiseError()).isEmpty();
    assertThat(bits.standardError()).isCloseTo(1 / Math.sqrt(3), within(1e-12));
    assertThat(BitsPerDimension.of(new double[][] {{1}}).standardError()).isNaN();
  }
}
