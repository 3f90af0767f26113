package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscretizedDecoderTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** The 256 values that a pixel can have. */
  private static Tensor values() {
    double[] values = new double[256];
    for (int i = 0; i < 256; i++) {
      values[i] = i / 127.5 - 1;
    }
    return Tensor.of(values, 256);
  }

  private static DiagonalGaussian step(double mean, double deviation) {
    return new DiagonalGaussian(
        Tensor.of(new double[] {mean}, 1), Tensor.of(new double[] {2 * Math.log(deviation)}, 1));
  }

  @ParameterizedTest
  @EnumSource
  void masses_ofAllValues_addUpToOne(DiscretizedDecoder decoder) {
    for (double mean : new double[] {-1.4, -1, -0.37, 0, 0.5, 1, 1.2}) {
      for (double deviation : new double[] {1e-3, 0.01, 0.1, 1, 30}) {
        double sum = decoder.logLikelihood(values(), step(mean, deviation)).exp().sum().item();

        // The floor of the approximation adds up to 256 times 1e-12.
        assertThat(sum).as("%s, %s", mean, deviation).isCloseTo(1, within(3e-10));
      }
    }
  }

  /** The mass of each bin by Simpson's rule. */
  @Test
  void exact_insideBins_isTheIntegralOfTheDensity() {
    double mean = 0.1234;
    double deviation = 0.05;
    double[] masses =
        DiscretizedDecoder.EXACT.logLikelihood(values(), step(mean, deviation)).exp().toDoubles();

    for (int i = 1; i < 255; i++) {
      int parts = 20;
      double width = 2.0 / 255 / parts;
      double sum = 0;
      for (int k = 0; k <= parts; k++) {
        double z = ((i - 0.5) / 127.5 - 1 + k * width - mean) / deviation;
        int weight = k == 0 || k == parts ? 1 : k % 2 == 1 ? 4 : 2;
        sum += weight * Math.exp(-z * z / 2);
      }
      double integral = sum * width / 3 / (deviation * Math.sqrt(2 * Math.PI));
      assertThat(masses[i]).isCloseTo(integral, withinPercentage(1e-3));
    }
  }

  /** Where the approximation has long reached its floor, the exact one still knows how far. */
  @Test
  void exact_farFromTheMean_fallsLikeTheTail() {
    Tensor x0 = Tensor.of(new double[] {-1, 1, 127 / 127.5 - 1}, 3);
    double deviation = 0.01;
    DiagonalGaussian step =
        new DiagonalGaussian(
            Tensor.of(new double[] {1, -1, 1}, 3),
            Tensor.of(new double[] {2 * Math.log(deviation)}, 1));

    double[] exact = DiscretizedDecoder.EXACT.logLikelihood(x0, step).toDoubles();
    double[] tanh = DiscretizedDecoder.TANH.logLikelihood(x0, step).toDoubles();

    for (int i = 0; i < 3; i++) {
      double distance = i < 2 ? 2 - 1.0 / 255 : 1 + 0.5 / 127.5 - 1.0 / 255;
      double z = distance / deviation;
      // ln Φ(−z) ≈ −z²/2 − ln(z √(2π)), from below by less than 1/z².
      double tail = -z * z / 2 - Math.log(z * Math.sqrt(2 * Math.PI));
      assertThat(exact[i]).isCloseTo(tail, within(1 / (z * z)));
      assertThat(tanh[i]).isCloseTo(Math.log(1e-12), within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-20, -8, -4, 0, 4, 30, 600})
  void exact_anyVariance_hasFiniteValuesAndGradients(double logVariance) {
    for (double offset : new double[] {-2, -0.004, 0, 0.3}) {
      Tensor mean = values().plus(offset).to(DType.F32).trainable();
      Tensor spread = Tensor.full(logVariance, 256).trainable();
      Tensor x0 = values().to(DType.F32);

      Tensor log = DiscretizedDecoder.EXACT.logLikelihood(x0, new DiagonalGaussian(mean, spread));
      log.sum().backward();

      assertThat(log.type()).isEqualTo(DType.F32);
      assertThat(Arrays.stream(log.toDoubles()))
          .allMatch(value -> value <= 0 && Double.isFinite(value));
      assertThat(Arrays.stream(mean.gradient().toDoubles())).allMatch(Double::isFinite);
      assertThat(Arrays.stream(spread.gradient().toDoubles())).allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradient_equalsTheDifferenceQuotient(DiscretizedDecoder decoder) {
    double h = 1e-6;
    for (double x : new double[] {-1, 31 / 127.5 - 1, 1}) {
      Tensor x0 = Tensor.of(new double[] {x}, 1);
      DiagonalGaussian at = step(0.02 + 0.9 * x, 0.08);
      at.mean().trainable();
      at.logVariance().trainable();
      decoder.logLikelihood(x0, at).sum().backward();

      double m = at.mean().item();
      double l = at.logVariance().item();
      double byMean = value(decoder, x0, m + h, l) - value(decoder, x0, m - h, l);
      double byVariance = value(decoder, x0, m, l + h) - value(decoder, x0, m, l - h);
      assertThat(at.mean().gradient().item()).isCloseTo(byMean / (2 * h), withinPercentage(1e-3));
      assertThat(at.logVariance().gradient().item())
          .isCloseTo(byVariance / (2 * h), withinPercentage(1e-3));
    }
  }

  private static double value(DiscretizedDecoder decoder, Tensor x0, double m, double l) {
    return decoder
        .logLikelihood(
            x0,
            new DiagonalGaussian(Tensor.of(new double[] {m}, 1), Tensor.of(new double[] {l}, 1)))
        .item();
  }

  /** How far the usual approximation is off: in the third digit of a bit, which is measurable. */
  @Test
  void tanh_againstExact_differsALittle() {
    DiagonalGaussian step = step(0.1, 0.02);
    double[] exact = DiscretizedDecoder.EXACT.logLikelihood(values(), step).exp().toDoubles();
    double[] tanh = DiscretizedDecoder.TANH.logLikelihood(values(), step).exp().toDoubles();

    double largest = 0;
    for (int i = 0; i < 256; i++) {
      largest = Math.max(largest, Math.abs(exact[i] - tanh[i]));
    }
    assertThat(largest).isBetween(5e-5, 5e-4);
  }
}
