package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionalScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return ProportionalSchedule.of(steps);
  }

  @Test
  void alpha_everyStep_isTheSquareOfTheNotes() {
    Blending notes = Blending.of(schedule(1000));
    for (int t = 1; t <= 1000; t++) {
      assertThat(schedule(1000).beta(t)).isCloseTo(0.02 * t / 1000, within(1e-17));
      assertThat(notes.a(t)).isCloseTo(Math.sqrt(1 - 0.02 * t / 1000), within(1e-15));
    }
  }

  @Test
  void alphaBar_atTheEnd_isNearlyThatOfDdpm() {
    double logAlphaBar = Math.log(schedule(1000).alphaBar(1000));

    // ln ᾱ = Σ ln(1 − βₜ) ≈ −Σ βₜ − ½ Σ βₜ², by the sums of t and t².
    double first = 0.02 * 1001 / 2;
    double second = 0.02 * 0.02 * 1001 * 2001 / (6 * 1000.0);
    assertThat(logAlphaBar).isCloseTo(-first - second / 2, within(1e-3));
    assertThat(schedule(1000).alphaBar(1000))
        .isBetween(
            0.8 * LinearSchedule.ddpm().alphaBar(1000), LinearSchedule.ddpm().alphaBar(1000) * 1.2);
  }
}
