package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class PriorGapTest {
  private static final PriorGap DDPM = PriorGap.of(LinearSchedule.ddpm());
  private static final PriorGap SHORT = PriorGap.of(LinearSchedule.of(100, 1e-4, 0.02));

  @Test
  void bitsPerDimension_ddpm_hasKnownValues() {
    assertThat(DDPM.bitsPerDimension(1)).isCloseTo(2.91129e-05, withinPercentage(1e-3));
    assertThat(DDPM.bitsPerDimension(0)).isCloseTo(5.875e-10, withinPercentage(1e-1));
    assertThat(DDPM.largestBitsPerDimension()).isEqualTo(DDPM.bitsPerDimension(1));
    assertThat(DDPM.remainingSignal()).isCloseTo(Math.sqrt(4.035829765e-05), within(1e-12));
  }

  /** D = ∫ q ln(q / p), by the trapezoidal rule, which is exact to rounding for such integrands. */
  @Test
  void natsPerDimension_ofAPoint_isTheIntegral() {
    double x0 = -0.6;
    double mean = SHORT.end().signal() * x0;
    double deviation = SHORT.end().noise();
    double step = 0.01;
    double integral = 0;
    for (double x = -12; x <= 12; x += step) {
      double z = (x - mean) / deviation;
      double logQ = -z * z / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2;
      double logP = -x * x / 2 - Math.log(2 * Math.PI) / 2;
      integral += Math.exp(logQ) * (logQ - logP) * step;
    }

    assertThat(SHORT.natsPerDimension(x0 * x0)).isCloseTo(integral, within(1e-12));
  }

  @Test
  void natsPerDimension_otherProcesses_countTheirVarianceToo() {
    PriorGap exploded = new PriorGap(new VarianceExploding(0.01, 50).at(1));

    assertThat(exploded.natsPerDimension(0))
        .isCloseTo((50 * 50 - 1 - Math.log(50 * 50)) / 2, within(1e-3));
    assertThat(new PriorGap(new NoiseLevel(1, 0, 1)).natsPerDimension(0.3)).isZero();
  }

  @Test
  void bitsPerDimension_images_isEachImagesOwn() {
    try (Scope scope = Scope.open()) {
      Tensor x0 = Tensor.of(new double[] {1, -1, 1, 1, 0, 0.5, -0.5, 0}, 2, 1, 2, 2);

      Tensor bits = SHORT.bitsPerDimension(x0.to(DType.F64));

      assertThat(bits.shape()).containsExactly(2);
      assertNumbers(bits.toDoubles())
          .areCloseTo(
              new double[] {SHORT.bitsPerDimension(1), SHORT.bitsPerDimension(0.125)}, 1e-12);
    }
  }

  @Test
  void warning_farFromNoise_saysHowFar() {
    assertThat(SHORT.warning())
        .hasValue(
            "the last step leaves 60.3 % of an image's amplitude (signal² = 0.364): x_T is up to"
                + " 0.33 bits per dimension away from N(0, I), where sampling begins");
  }

  @Test
  void warning_nearNoise_isEmpty() {
    assertThat(DDPM.warning()).isEmpty();
    assertThat(PriorGap.of(CosineSchedule.of(10)).warning()).isEmpty();
    assertThat(PriorGap.of(LinearSchedule.rescaled(100, 1e-4, 0.02)).warning()).isEmpty();
    PriorGap none = PriorGap.of(ZeroTerminalSnr.of(LinearSchedule.of(10, 1e-4, 0.02)));
    assertThat(none.warning()).isEmpty();
    assertThat(none.largestBitsPerDimension()).isZero();
  }

  @Test
  void of_levelWithoutNoise_isRefused() {
    assertThatThrownBy(() -> new PriorGap(NoiseLevel.CLEAN))
        .hasMessage("noise at the end is 0.0; allowed: a number above 0");
  }
}
