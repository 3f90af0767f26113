package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleCurveTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseCurve CURVE = new ScheduleCurve(DDPM);

  @Test
  void at_wholeTimes_areTheLevelsOfTheSchedule() {
    assertThat(CURVE.at(0)).isEqualTo(NoiseLevel.CLEAN);
    for (int t = 1; t <= 1000; t++) {
      assertThat(CURVE.at(t)).isEqualTo(DDPM.level(t));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.25, 2.5, 17.75, 500.5, 999.125, 1000})
  void atSigma_ofAnyTime_isItsInverse(double t) {
    NoiseLevel level = CURVE.at(t);
    NoiseLevel back = CURVE.atSigma(level.sigma());

    assertThat(back.t()).isCloseTo(t, within(1e-9));
    assertThat(back.signal()).isCloseTo(level.signal(), within(1e-14));
    assertThat(back.noise()).isCloseTo(level.noise(), within(1e-14));
  }

  @Test
  void at_betweenSteps_logSigmaIsLinear() {
    double low = Math.log(DDPM.level(300).sigma());
    double high = Math.log(DDPM.level(301).sigma());

    assertThat(Math.log(CURVE.at(300.25).sigma()))
        .isCloseTo(0.75 * low + 0.25 * high, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.002, 1, 157, 1000})
  void atSigma_anySigma_keepsItAndTheVariance(double sigma) {
    NoiseLevel level = CURVE.atSigma(sigma);

    assertThat(level.sigma()).isCloseTo(sigma, within(1e-12 * sigma));
    assertThat(Math.hypot(level.signal(), level.noise())).isCloseTo(1, within(1e-14));
    assertThat(level.t()).isBetween(1.0, 1000.0);
  }

  @Test
  void atSigma_singleStep_isThatStep() {
    NoiseCurve single = new ScheduleCurve(NoiseSchedule.ofBetas(0.5));

    assertThat(single.atSigma(3).t()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0.5, 1000.5, Double.NaN})
  void at_outside_namesTheRange(double t) {
    assertThatThrownBy(() -> CURVE.at(t))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t is " + t + "; allowed: 0, or 1…1000");
  }

  @Test
  void level_lambda_isHalfTheLogOfTheSnr() {
    assertThat(DDPM.level(250).lambda()).isCloseTo(0.5 * Math.log(DDPM.snr(250)), within(1e-12));
    assertThat(NoiseLevel.CLEAN.sigma()).isZero();
    assertThatThrownBy(() -> new NoiseLevel(1, -0.1, 1))
        .hasMessage("signal is -0.1 and noise 1.0; allowed: 0 or more, and not both 0");
  }

  /** σ rises to infinity within the last step, so that all but its beginning is noise alone. */
  @Test
  void at_scheduleThatEndsWithoutSignal_isFiniteEverywhere() {
    ScheduleCurve curve = new ScheduleCurve(JsdSchedule.of(10));

    assertThat(curve.at(10)).isEqualTo(new NoiseLevel(10, 0, 1));
    assertThat(curve.at(9.5)).isEqualTo(new NoiseLevel(9.5, 0, 1));
    assertThat(curve.atSigma(Double.POSITIVE_INFINITY)).isEqualTo(new NoiseLevel(10, 0, 1));
    assertThat(curve.atSigma(1e6).sigma()).isCloseTo(1e6, within(1.0));
    assertThat(curve.atSigma(1e6).t()).isEqualTo(9);
  }
}
