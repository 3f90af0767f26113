package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlendingTest {
  private static final Blending SHRINKING =
      Blending.of(new double[] {.9, .5, .7}, new double[] {1, .2, .4});
  private static final Blending GROWING =
      Blending.of(new double[] {1.2, 1, 2}, new double[] {.1, 0, 3});
  private static final Blending EXPLODING =
      Blending.of(new double[] {1, 1, 1}, new double[] {.1, 1, 10});
  private static final Blending DDPM = Blending.of(LinearSchedule.of(3, 0.1, 0.4));

  static Stream<Blending> processes() {
    return Stream.of(SHRINKING, GROWING, EXPLODING, DDPM);
  }

  /** Follows the factor of each single noise through all later steps. */
  @ParameterizedTest
  @MethodSource("processes")
  void merged_anyProcess_isTheSumOverAllNoises(Blending process) {
    for (int t = 0; t <= process.steps(); t++) {
      double signal = 1;
      double variance = 0;
      for (int s = 1; s <= t; s++) {
        signal *= process.a(s);
        double factor = process.b(s);
        for (int later = s + 1; later <= t; later++) {
          factor *= process.a(later);
        }
        variance += factor * factor;
      }
      assertThat(process.mergedSignal(t)).isCloseTo(signal, withinPercentage(1e-12));
      assertThat(process.mergedVariance(t)).isCloseTo(variance, withinPercentage(1e-12));
      assertThat(process.level(t).noise()).isCloseTo(Math.sqrt(variance), withinPercentage(1e-12));
    }
  }

  /** Mean within 5 standard errors s / √n, variance within 5 standard errors s² √(2 / n). */
  @ParameterizedTest
  @MethodSource("processes")
  void merged_manyDraws_haveThatMeanAndVariance(Blending process) {
    int n = 200_000;
    double x0 = 0.8;
    Random random = new Random(7);
    double sum = 0;
    double squares = 0;
    double mean = process.mergedSignal(3) * x0;
    for (int draw = 0; draw < n; draw++) {
      double x = x0;
      for (int t = 1; t <= 3; t++) {
        x = process.a(t) * x + process.b(t) * random.nextGaussian();
      }
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    double variance = process.mergedVariance(3);
    assertThat(sum / n).isCloseTo(mean, within(5 * Math.sqrt(variance / n)));
    assertThat(squares / n).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / n)));
  }

  @Test
  void isVariancePreserving_asksForEachStep() {
    assertThat(DDPM.isVariancePreserving()).isTrue();
    assertThat(Blending.of(new double[] {0.6}, new double[] {0.8}).isVariancePreserving()).isTrue();
    assertThat(SHRINKING.isVariancePreserving()).isFalse();
    assertThat(EXPLODING.isVariancePreserving()).isFalse();
  }

  @Test
  void merged_variancePreserving_isTheClosedFormOfDdpm() {
    NoiseSchedule schedule = CosineSchedule.of(1000);
    Blending process = Blending.of(schedule);

    assertThat(process.isVariancePreserving()).isTrue();
    for (int t = 1; t <= 1000; t++) {
      double signal = process.mergedSignal(t);
      assertThat(signal).isCloseTo(schedule.sqrtAlphaBar(t), withinPercentage(1e-10));
      assertThat(process.mergedVariance(t)).isCloseTo(1 - schedule.alphaBar(t), within(1e-12));
      assertThat(signal * signal + process.mergedVariance(t)).isCloseTo(1, within(1e-12));
      assertThat(process.normalized().beta(t)).isCloseTo(schedule.beta(t), within(1e-14));
    }
  }

  @ParameterizedTest
  @MethodSource("processes")
  void normalized_anyProcessWithNoise_hasTheSameSigma(Blending process) {
    if (process == GROWING) {
      assertThatThrownBy(process::normalized).hasMessageStartingWith("beta(2) is 0.0");
      return;
    }
    NoiseSchedule schedule = process.normalized();
    for (int t = 1; t <= process.steps(); t++) {
      assertThat(schedule.level(t).sigma())
          .isCloseTo(process.level(t).sigma(), withinPercentage(1e-11));
    }
  }

  @Test
  void normalized_stepThatForgetsAll_hasBetaOne() {
    Blending process = Blending.of(new double[] {1, 0}, new double[] {1, 2});

    assertThat(process.normalized().betas()).containsExactly(0.5, 1);
    assertThat(process.level(2)).isEqualTo(new NoiseLevel(2, 0, 2));
  }

  @Test
  void of_impossibleFactors_namesThem() {
    assertThatThrownBy(() -> Blending.of(new double[] {1}, new double[] {}))
        .hasMessage("1 factors a and 0 factors b; allowed: as many of each, at least 1");
    assertThatThrownBy(() -> Blending.of(new double[] {1, -1}, new double[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a(2) is -1.0 and b(2) is 1.0; allowed");
    assertThatThrownBy(() -> Blending.of(new double[] {0}, new double[] {0}))
        .hasMessageStartingWith("a(1) is 0.0");
    assertThatThrownBy(() -> Blending.of(new double[] {Double.NaN}, new double[] {1}))
        .hasMessageStartingWith("a(1) is NaN");
  }
}
