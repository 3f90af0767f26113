package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContinuousProcessTest {
  private static final VariancePreserving VP = VariancePreserving.ddpm();
  private static final SubVariancePreserving SUB_VP = SubVariancePreserving.ddpm();
  private static final VarianceExploding VE = new VarianceExploding(0.01, 50);

  static Stream<ContinuousProcess> processes() {
    return Stream.of(
        VP, SUB_VP, VE, new VariancePreserving(3, 3), new SubVariancePreserving(0.5, 4));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void at_zero_isClean(ContinuousProcess process) {
    assertThat(process.at(0)).isEqualTo(NoiseLevel.CLEAN);
    assertThat(process.snr(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  /** d signal / dt = f · signal and d noise² / dt = 2 f · noise² + g². */
  @ParameterizedTest
  @MethodSource("processes")
  void moments_solveTheEquationsOfTheSde(ContinuousProcess process) {
    for (double t = 0.1; t < 0.95; t += 0.2) {
      double f = process.drift(t);
      double g = process.diffusion(t);
      NoiseLevel level = process.at(t);
      double variance = level.noise() * level.noise();

      assertDerivative(s -> process.at(s).signal(), t, f * level.signal());
      assertDerivative(s -> Math.pow(process.at(s).noise(), 2), t, 2 * f * variance + g * g);
    }
  }

  /** The central difference approaches the derivative with order 2. */
  private static void assertDerivative(DoubleUnaryOperator function, double t, double expected) {
    double coarse = difference(function, t, 0.01) - expected;
    double fine = difference(function, t, 0.005) - expected;
    double scale = Math.max(1e-3, Math.abs(expected));

    assertThat(fine).isCloseTo(0, within(5e-3 * scale));
    if (Math.abs(coarse) > 1e-7 * scale) {
      assertThat(Math.log(coarse / fine) / Math.log(2)).isBetween(1.9, 2.1);
    } else {
      assertThat(Math.abs(fine)).isLessThan(1e-7 * scale);
    }
  }

  private static double difference(DoubleUnaryOperator function, double t, double step) {
    return (function.applyAsDouble(t + step) - function.applyAsDouble(t - step)) / (2 * step);
  }

  @ParameterizedTest
  @MethodSource("processes")
  void atSigma_ofALevel_isThatLevel(ContinuousProcess process) {
    for (double t : new double[] {1e-6, 1e-3, 0.1, 0.3, 0.7, 1}) {
      NoiseLevel level = process.at(t);
      NoiseLevel found = process.atSigma(level.sigma());

      assertThat(found.t()).isCloseTo(t, withinPercentage(1e-8));
      assertThat(found.signal()).isCloseTo(level.signal(), withinPercentage(1e-8));
      assertThat(found.noise()).isCloseTo(level.noise(), withinPercentage(1e-8));
    }
    assertThat(process.atSigma(0)).isEqualTo(NoiseLevel.CLEAN);
    assertThat(process.atSigma(1e6).sigma()).isCloseTo(1e6, withinPercentage(1e-8));
    assertThat(process.atSigma(1e6).t()).isGreaterThan(process.at(1).t()).isFinite();
  }

  @ParameterizedTest
  @MethodSource("processes")
  void logSnr_growingTime_fallsAndIsThatOfTheLevel(ContinuousProcess process) {
    for (double t = 0.05; t <= 1; t += 0.05) {
      double sigma = process.at(t).sigma();
      assertThat(process.snr(t)).isCloseTo(1 / (sigma * sigma), withinPercentage(1e-9));
      assertThat(process.logSnr(t)).isCloseTo(-2 * Math.log(sigma), within(1e-10));
      assertThat(process.logSnr(t)).isLessThan(process.logSnr(t - 0.04));
    }
  }

  @Test
  void at_variancePreserving_addsUpToOne_andSubVariancePreservingToLess() {
    for (double t = 0.01; t <= 1; t += 0.09) {
      NoiseLevel whole = VP.at(t);
      NoiseLevel less = SUB_VP.at(t);
      assertThat(Math.hypot(whole.signal(), whole.noise())).isCloseTo(1, within(1e-14));
      assertThat(less.signal()).isEqualTo(whole.signal());
      assertThat(less.noise()).isCloseTo(whole.noise() * whole.noise(), within(1e-14));
    }
  }

  @Test
  void at_varianceExploding_endsAtSigmaMaxAndKeepsTheSignal() {
    assertThat(VE.at(1).signal()).isEqualTo(1);
    assertThat(VE.at(1).noise()).isCloseTo(Math.sqrt(50 * 50 - 1e-4), within(1e-10));
  }

  @Test
  void at_ends_haveKnownValues() {
    // exp(−½ (0.1 + 20) / 2)
    assertThat(VP.at(1).signal()).isCloseTo(Math.exp(-5.025), within(1e-15));
    assertThat(VP.at(1e-9).noise()).isCloseTo(1e-5, withinPercentage(1e-4));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void discretized_anyStep_hasTheSigmaOfTheProcess(ContinuousProcess process) {
    for (int steps : new int[] {1, 10, 1000}) {
      NoiseSchedule schedule = process.discretized(steps);
      for (int t = 1; t <= steps; t++) {
        double sigma = process.at((double) t / steps).sigma();
        assertThat(schedule.level(t).sigma()).isCloseTo(sigma, withinPercentage(1e-7));
      }
    }
  }

  @Test
  void discretized_variancePreserving_hasTheSignalOfTheProcess() {
    NoiseSchedule schedule = VP.discretized(1000);
    for (int t = 1; t <= 1000; t++) {
      double signal = VP.at(t / 1000.0).signal();
      assertThat(schedule.sqrtAlphaBar(t)).isCloseTo(signal, withinPercentage(1e-9));
    }
  }

  @Nested
  class DiscreteVariancePreserving extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return VP.discretized(steps);
    }
  }

  @Nested
  class DiscreteSubVariancePreserving extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return SUB_VP.discretized(steps);
    }
  }

  @Nested
  class DiscreteVarianceExploding extends NoiseScheduleContract {
    @Override
    NoiseSchedule schedule(int steps) {
      return VE.discretized(steps);
    }
  }

  /** The rescaled linear schedule approaches the process with order 1 in 1 / T. */
  @Test
  void rescaledLinear_growingT_convergesToTheProcess() {
    double[] errors = {error(1000), error(2000), error(4000)};

    assertThat(errors[2]).isLessThan(1e-3);
    assertThat(Math.log(errors[0] / errors[1]) / Math.log(2)).isBetween(0.95, 1.05);
    assertThat(Math.log(errors[1] / errors[2]) / Math.log(2)).isBetween(0.97, 1.03);
  }

  private static double error(int steps) {
    NoiseSchedule schedule = LinearSchedule.rescaled(steps, 1e-4, 0.02);
    double largest = 0;
    for (int t = 1; t <= steps; t++) {
      double difference = schedule.sqrtAlphaBar(t) - VP.at((double) t / steps).signal();
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }

  @Test
  void constructor_impossibleConstants_namesThem() {
    assertThatThrownBy(() -> new VariancePreserving(0, 20))
        .hasMessage("betaMin is 0.0 and betaMax 20.0; allowed: 0 < betaMin ≤ betaMax");
    assertThatThrownBy(() -> new SubVariancePreserving(2, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new VarianceExploding(1, 1))
        .hasMessage("sigmaMin is 1.0 and sigmaMax 1.0; allowed: 0 < sigmaMin < sigmaMax");
  }

  @ParameterizedTest
  @MethodSource("processes")
  void at_negativeTimeOrSigma_namesTheRule(ContinuousProcess process) {
    assertThatThrownBy(() -> process.at(-0.1))
        .hasMessage("t is -0.1; allowed: 0 or a number above");
    assertThatThrownBy(() -> process.atSigma(-1))
        .hasMessage("sigma is -1.0; allowed: 0 or a number above");
  }
}
