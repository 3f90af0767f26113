package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import org.junit.jupiter.api.Test;

class NoiseGridTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseCurve CURVE = new ScheduleCurve(DDPM);

  @Test
  void of_subSequence_visitsItsTimesAndTheCleanImage() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(3, 500, 1000));

    assertThat(grid.steps()).isEqualTo(3);
    assertThat(grid.level(0)).isEqualTo(NoiseLevel.CLEAN);
    assertThat(grid.level(2)).isEqualTo(DDPM.level(500));
    assertThat(grid.sigmas()[0]).isEqualTo(DDPM.level(1000).sigma());
    assertThat(grid.sigmas()[3]).isZero();
  }

  @Test
  void karras_eighteen_hasEdmsEndsAndFormula() {
    double[] sigmas = SigmaSpacing.karras(18, 0.002, 80);

    assertThat(sigmas[0]).isCloseTo(80, within(1e-10));
    assertThat(sigmas[17]).isCloseTo(0.002, within(1e-14));
    // (80^(1/7) + 9/17 (0.002^(1/7) − 80^(1/7)))^7
    double ninth =
        Math.pow(Math.pow(80, 1 / 7.0) * (1 - 9 / 17.0) + Math.pow(0.002, 1 / 7.0) * 9 / 17.0, 7);
    assertThat(sigmas[9]).isCloseTo(ninth, within(1e-12));
  }

  @Test
  void exponential_anyCount_hasEqualRatios() {
    double[] sigmas = SigmaSpacing.exponential(5, 0.01, 100);

    assertNumbers(sigmas).areCloseTo(new double[] {100, 10, 1, 0.1, 0.01}, 1e-12);
    assertNumbers(SigmaSpacing.exponential(1, 0.01, 100)).areCloseTo(new double[] {100}, 1e-12);
  }

  @Test
  void ofSigmas_karras_keepsThemAndAsksInBetweenTimes() {
    double[] sigmas = SigmaSpacing.karras(10, DDPM.level(1).sigma(), DDPM.level(1000).sigma());
    NoiseGrid grid = NoiseGrid.ofSigmas(CURVE, sigmas);

    for (int i = 0; i < 10; i++) {
      assertThat(grid.level(10 - i).sigma()).isCloseTo(sigmas[i], within(1e-12 * sigmas[i]));
    }
    assertThat(grid.level(5).t()).isNotEqualTo(Math.rint(grid.level(5).t()));
    assertThat(grid.atWholeTimes().level(5).t()).isEqualTo(Math.rint(grid.level(5).t()));
    assertThat(grid.atWholeTimes().level(5).noise()).isEqualTo(grid.level(5).noise());
  }

  @Test
  void from_middle_isTheRestOfTheWay() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 10));

    assertThat(grid.from(4).steps()).isEqualTo(4);
    assertThat(grid.from(4).level(4)).isEqualTo(grid.level(4));
  }

  @Test
  void endingAt_noisyLevel_replacesTheLast() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(10, 20)).endingAt(DDPM.level(1));

    assertThat(grid.level(0)).isEqualTo(DDPM.level(1));
    assertThat(grid.level(1)).isEqualTo(DDPM.level(10));
  }

  @Test
  void endingAt_levelOfTheLastStep_staysThere() {
    double[] sigmas = SigmaSpacing.karras(10, DDPM.level(1).sigma(), DDPM.level(1000).sigma());
    NoiseGrid grid = NoiseGrid.ofSigmas(CURVE, sigmas);

    assertThat(grid.endingAt(DDPM.level(1)).level(0)).isEqualTo(grid.level(1));
    assertThatThrownBy(() -> grid.endingAt(DDPM.level(2)))
        .hasMessageContaining("noise must grow from level to level; level 0 is");
  }

  @Test
  void wrongGrids_areRefused() {
    assertThatThrownBy(() -> NoiseGrid.of(CURVE, NoiseLevel.CLEAN))
        .hasMessage("a grid has at least one step; got none");
    assertThatThrownBy(() -> NoiseGrid.ofSigmas(CURVE, 1, 2))
        .hasMessageContaining("noise must grow from level to level; level 1 is");
    assertThatThrownBy(() -> SigmaSpacing.karras(5, 2, 1))
        .hasMessage(
            "count is 5 and σ from 1.0 to 2.0; allowed: 1 or more, and 0 < smallest < largest");
  }
}
