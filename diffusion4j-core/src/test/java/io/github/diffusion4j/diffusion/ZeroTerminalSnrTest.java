package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ZeroTerminalSnrTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return ZeroTerminalSnr.of(LinearSchedule.of(steps, 1e-4, 0.02));
  }

  @Override
  boolean endsWithoutSignal() {
    return true;
  }

  static Stream<Arguments> published() {
    return Stream.of(
        Arguments.of("linear", LinearSchedule.ddpm()),
        Arguments.of("scaled_linear", ScaledLinearSchedule.of(1000, 1e-4, 0.02)),
        Arguments.of("squaredcos_cap_v2", CosineSchedule.of(1000)),
        Arguments.of("sigmoid", GeoDiffSigmoidSchedule.of(1000, 1e-4, 0.02)));
  }

  @ParameterizedTest
  @MethodSource("published")
  void of_publishedSchedule_isThatOfDiffusers(String name, NoiseSchedule schedule) {
    float[] expected = GoldenSchedules.zeroTerminalSnr(name);
    NoiseSchedule rescaled = ZeroTerminalSnr.of(schedule);

    for (int t = 1; t <= 1000; t++) {
      assertThat(rescaled.alphaBar(t)).isCloseTo(expected[t - 1], within(1e-6));
    }
    assertThat(rescaled.alphaBar(1000)).isZero();
  }

  @Test
  void of_ddpm_hasKnownBetas() {
    NoiseSchedule rescaled = ZeroTerminalSnr.of(LinearSchedule.ddpm());

    assertThat(rescaled.beta(1)).isEqualTo(1e-4);
    assertThat(rescaled.beta(2)).isCloseTo(.00012068663551, withinPercentage(1e-7));
    assertThat(rescaled.beta(999)).isCloseTo(.75226723115, withinPercentage(1e-7));
    assertThat(rescaled.beta(1000)).isEqualTo(1);
  }

  /** √ᾱ′ is an affine function of √ᾱ that keeps the first value and takes the last to 0. */
  @Test
  void of_anySchedule_isAffineInTheSignal() {
    NoiseSchedule cosine = CosineSchedule.of(100);
    NoiseSchedule rescaled = ZeroTerminalSnr.of(cosine);

    double slope = cosine.sqrtAlphaBar(1) / (cosine.sqrtAlphaBar(1) - cosine.sqrtAlphaBar(100));
    for (int t = 1; t <= 100; t++) {
      assertThat(rescaled.sqrtAlphaBar(t))
          .isCloseTo(slope * (cosine.sqrtAlphaBar(t) - cosine.sqrtAlphaBar(100)), within(1e-13));
    }
  }

  @Test
  void of_scheduleWithoutTerminalSignal_changesNothing() {
    NoiseSchedule jsd = JsdSchedule.of(50);
    double[] betas = ZeroTerminalSnr.of(jsd).betas();

    for (int t = 1; t <= 50; t++) {
      assertThat(betas[t - 1]).isCloseTo(jsd.beta(t), within(1e-14));
    }
  }
}
