package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinearScheduleTest extends NoiseScheduleContract {
  @Override
  NoiseSchedule schedule(int steps) {
    return LinearSchedule.of(steps, 1e-4, 0.02);
  }

  @Test
  void of_thousandSteps_equalsGoldenTable() {
    GoldenSchedules.assertEqual(schedule(1000), "linear");
  }

  @Test
  void ddpm_ofThePaper_hasItsClosedForms() {
    NoiseSchedule schedule = LinearSchedule.ddpm();

    assertThat(schedule.steps()).isEqualTo(1000);
    assertRow(schedule, 1, 1e-4, .9999, 9999, 0, 1, 0);
    assertRow(
        schedule,
        2,
        .0001199199199,
        .9997800921,
        4546.357657,
        5.453187661e-05,
        .5452914995,
        .454708499);
    assertRow(
        schedule,
        501,
        .01005995996,
        .07779665837,
        .08435954941,
        .01005133578,
        .003058057076,
        .9941043508);
    assertRow(
        schedule,
        1000,
        .02,
        4.035829765e-05,
        4.035992651e-05,
        .01999998353,
        .0001283514872,
        .9899486783);
    assertThat(Math.log(schedule.betaTilde(2))).isCloseTo(-9.816725135, within(1e-9));
  }

  @Test
  void of_fourTimesTheSteps_quarterOfTheBetas_endsAlike() {
    NoiseSchedule schedule = LinearSchedule.of(4000, 2.5e-5, 0.005);

    assertThat(schedule.alphaBar(4000)).isCloseTo(4.246652276e-05, withinPercentage(1e-7));
    assertThat(Math.log(schedule.betaTilde(2))).isCloseTo(-11.26578194, within(1e-8));
  }

  @Nested
  class Rescaled extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return LinearSchedule.rescaled(steps, 1e-4, 0.02);
    }
  }

  @Test
  void rescaled_otherThanThousandSteps_endsWhereDdpmEnds() {
    // ᾱ_T of the code of iDDPM, whose betas are 1000 / T times those of DDPM.
    assertThat(LinearSchedule.rescaled(100, 1e-4, 0.02).alphaBar(100))
        .isCloseTo(2.039008975564078e-05, withinPercentage(1e-9));
    assertThat(LinearSchedule.rescaled(200, 1e-4, 0.02).alphaBar(200))
        .isCloseTo(3.0318371672319075e-05, withinPercentage(1e-9));
    assertThat(LinearSchedule.rescaled(4000, 1e-4, 0.02).alphaBar(4000))
        .isCloseTo(4.246652275802249e-05, withinPercentage(1e-9));
    assertThat(LinearSchedule.rescaled(1000, 1e-4, 0.02)).isEqualTo(LinearSchedule.ddpm());
    assertThat(LinearSchedule.of(100, 1e-4, 0.02).alphaBar(100))
        .isCloseTo(0.3635632480554922, withinPercentage(1e-9));
  }

  @Test
  void rescaled_fewSteps_holdsBetaBelowOne() {
    assertThat(LinearSchedule.rescaled(10, 1e-4, 0.02).beta(10)).isEqualTo(0.999);
    assertThat(LinearSchedule.rescaled(10, 1e-4, 0.02).beta(1)).isEqualTo(0.01);
  }

  private static void assertRow(NoiseSchedule schedule, int t, double... row) {
    Posterior posterior = new Posterior(schedule);
    double[] actual = {
      schedule.beta(t),
      schedule.alphaBar(t),
      schedule.snr(t),
      schedule.betaTilde(t),
      posterior.x0Coefficient(t),
      posterior.xtCoefficient(t)
    };
    for (int column = 0; column < row.length; column++) {
      assertThat(actual[column])
          .as("t = %d, column %d", t, column)
          .isCloseTo(row[column], withinPercentage(1e-7));
    }
  }
}
