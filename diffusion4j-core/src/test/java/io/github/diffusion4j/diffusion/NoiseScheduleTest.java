package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NoiseScheduleTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();

  @Test
  void ofBetas_none_namesTheRule() {
    assertThatThrownBy(() -> NoiseSchedule.ofBetas())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a schedule has at least one step; got 0 betas");
  }

  @Test
  void ofBetas_outsideRange_namesStepAndValue() {
    for (double beta : new double[] {0, -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> NoiseSchedule.ofBetas(0.5, beta))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("beta(2) is " + beta + "; allowed: 0 < beta <= 1");
    }
  }

  @Test
  void ofSigmas_descending_hasThemFromTheLastStepDown() {
    NoiseSchedule schedule = NoiseSchedule.ofSigmas(80, 1, 0.002);

    assertThat(schedule.steps()).isEqualTo(3);
    assertThat(schedule.level(1).sigma()).isCloseTo(0.002, within(1e-12));
    assertThat(schedule.level(2).sigma()).isCloseTo(1, within(1e-12));
    assertThat(schedule.level(3).sigma()).isCloseTo(80, within(1e-9));
  }

  @Test
  void ofBetas_endingWithOne_leavesNoSignal() {
    NoiseSchedule schedule = NoiseSchedule.ofBetas(0.5, 1);

    assertThat(schedule.alphaBar(2)).isZero();
    assertThat(schedule.snr(2)).isZero();
    assertThat(schedule.betaTilde(2)).isEqualTo(0.5);
  }

  @Test
  void shortenedTo_afterAllSignalIsGone_staysNoise() {
    NoiseSchedule shortened =
        NoiseSchedule.ofBetas(0.5, 1, 0.5, 0.5).shortenedTo(SubSequence.of(2, 4));

    assertThat(shortened.betas()).containsExactly(1, 1);
    assertThat(shortened.alphaBar(2)).isZero();
  }

  @Test
  void ofBetas_arrayChangedLater_keepsValues() {
    double[] betas = {0.1, 0.2};
    NoiseSchedule schedule = NoiseSchedule.ofBetas(betas);

    betas[0] = 0.9;
    schedule.betas()[1] = 0.9;

    assertThat(schedule.betas()).containsExactly(0.1, 0.2);
  }

  @Test
  void accessors_timeOutsideRange_nameTimeAndRange() {
    assertThatThrownBy(() -> DDPM.beta(0)).hasMessage("t is 0; allowed: 1…1000");
    assertThatThrownBy(() -> DDPM.alpha(1001)).hasMessage("t is 1001; allowed: 1…1000");
    assertThatThrownBy(() -> DDPM.betaTilde(0)).hasMessage("t is 0; allowed: 1…1000");
    assertThatThrownBy(() -> DDPM.alphaBar(-1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("t is -1; allowed: 0…1000");
    assertThatThrownBy(() -> DDPM.snr(1001)).hasMessage("t is 1001; allowed: 0…1000");
  }

  @Test
  void shortenedTo_allSteps_isTheSame() {
    NoiseSchedule same = DDPM.shortenedTo(SubSequence.all(1000));

    assertThat(same).isEqualTo(DDPM).hasSameHashCodeAs(DDPM);
    for (int t = 0; t <= 1000; t++) {
      assertThat(same.alphaBar(t)).isEqualTo(DDPM.alphaBar(t));
    }
  }

  @Test
  void shortenedTo_fewerSteps_keepsAlphaBar() {
    SubSequence tau = SubSequence.leading(1000, 50);
    NoiseSchedule shortened = DDPM.shortenedTo(tau);

    assertThat(shortened.steps()).isEqualTo(50);
    assertThat(shortened.betaTilde(1)).isZero();
    double product = 1;
    for (int s = 1; s <= 50; s++) {
      product *= 1 - shortened.beta(s);
      assertThat(shortened.alphaBar(s)).isEqualTo(DDPM.alphaBar(tau.t(s)));
      assertThat(product).isCloseTo(shortened.alphaBar(s), within(1e-14));
    }
  }

  @Test
  void betaTilde_shortenedToFifty_equalsPublishedVariances() {
    // diffusers' scheduler tests: variance(980, 960), variance(420, 400) of the 0-based times.
    NoiseSchedule shortened = DDPM.shortenedTo(SubSequence.leading(1000, 50));

    assertThat(shortened.betaTilde(50)).isCloseTo(0.32460, within(1e-5));
    assertThat(shortened.betaTilde(22)).isCloseTo(0.14771, within(1e-5));
    assertThat(DDPM.betaTilde(488)).isCloseTo(0.00979, within(1e-5));
    assertThat(DDPM.betaTilde(1000)).isCloseTo(0.02, within(1e-5));
  }

  @Test
  void shortenedTo_subSequenceOfLongerSchedule_namesBothLengths() {
    assertThatThrownBy(() -> LinearSchedule.of(10, 1e-4, 0.02).shortenedTo(SubSequence.of(3, 11)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the sub-sequence ends at 11; this schedule has 10 steps");
  }

  @Test
  void reverseVariance_eachKind_isItsEntry() {
    assertThat(FixedVariance.BETA.at(DDPM, 500)).isEqualTo(DDPM.beta(500));
    assertThat(FixedVariance.BETA_TILDE.at(DDPM, 500)).isEqualTo(DDPM.betaTilde(500));
  }
}
