package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialStepTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseLevel FROM = DDPM.level(700);
  private static final NoiseLevel TO = DDPM.level(500);

  @ParameterizedTest
  @CsvSource({"1, 1e-9", "1, 0.3", "2, 5", "2, 40", "-1, 1e-6", "-1, 0.7", "-1, 12"})
  void moments_everyTilt_areThoseOfTheDensity(double tilt, double h) {
    double[] moments = new ExponentialStep(Integrand.X0, h, 1, 1, tilt, 0).moments(5);

    DoubleUnaryOperator density = s -> Math.exp(tilt * (tilt > 0 ? s - h : s));
    double mass = integral(density, h);
    for (int k = 0; k < 5; k++) {
      int power = k;
      double expected = integral(s -> Math.pow(s, power) * density.applyAsDouble(s), h) / mass;
      assertThat(moments[k]).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void weights_polynomialOfTheDegree_giveItsMean() {
    double[] moments = new ExponentialStep(Integrand.X0, 0.8, 1, 1, 1, 0).moments(4);
    double[] nodes = {0, -0.5, -1.2, 0.8};

    double[] weights = ExponentialStep.weights(nodes, moments);

    for (int k = 0; k < 4; k++) {
      double mean = 0;
      for (int i = 0; i < 4; i++) {
        mean += weights[i] * Math.pow(nodes[i], k);
      }
      assertThat(mean).isCloseTo(moments[k], within(1e-13));
    }
  }

  /** The formulas of the papers, written with h. */
  @Test
  void between_twoLevels_equalsThePapers() {
    double h = TO.lambda() - FROM.lambda();

    ExponentialStep image = step(Integrand.X0, ReverseDynamics.ODE);
    assertThat(image.keep()).isEqualTo(TO.noise() / FROM.noise());
    assertThat(image.total()).isCloseTo(-TO.signal() * Math.expm1(-h), within(1e-14));

    ExponentialStep noise = step(Integrand.EPSILON, ReverseDynamics.ODE);
    assertThat(noise.keep()).isEqualTo(TO.signal() / FROM.signal());
    assertThat(noise.total()).isCloseTo(-TO.noise() * Math.expm1(h), within(1e-14));

    ExponentialStep imageSde = step(Integrand.X0, ReverseDynamics.SDE);
    assertThat(imageSde.total()).isCloseTo(-TO.signal() * Math.expm1(-2 * h), within(1e-14));
    ExponentialStep noiseSde = step(Integrand.EPSILON, ReverseDynamics.SDE);
    assertThat(noiseSde.total()).isCloseTo(-2 * TO.noise() * Math.expm1(h), within(1e-14));
  }

  /** With the true x₀ and ε the step leads from xₜ = a x₀ + b ε to the next level. */
  @ParameterizedTest
  @EnumSource
  void between_trueImage_reachesTheNextLevel(Integrand integrand) {
    ExponentialStep step = step(integrand, ReverseDynamics.ODE);
    double ofImage = step.keep() * FROM.signal();
    double ofNoise = step.keep() * FROM.noise();

    assertThat(integrand == Integrand.X0 ? ofImage + step.total() : ofImage)
        .isCloseTo(TO.signal(), within(1e-14));
    assertThat(integrand == Integrand.X0 ? ofNoise : ofNoise + step.total())
        .isCloseTo(TO.noise(), within(1e-14));
  }

  /** The SDE's step is the posterior of the true image, with its mean and its variance. */
  @Test
  void between_sdeWithTheTrueImage_hasTheVarianceOfThePosterior() {
    ExponentialStep step = step(Integrand.X0, ReverseDynamics.SDE);

    assertThat(step.keep() * FROM.signal() + step.total()).isCloseTo(TO.signal(), within(1e-14));
    assertThat(Math.hypot(step.keep() * FROM.noise(), step.spread()))
        .isCloseTo(TO.noise(), within(1e-14));
  }

  @ParameterizedTest
  @EnumSource
  void between_infiniteLambda_takesTheEstimateOfTheImage(ReverseDynamics process) {
    for (Integrand integrand : Integrand.values()) {
      ExponentialStep last = ExponentialStep.between(FROM, NoiseLevel.CLEAN, integrand, process);
      assertThat(last.keep()).isZero();
      assertThat(last.total()).isEqualTo(1);
      assertThat(last.spread()).isZero();
      assertThat(last.integrand()).isEqualTo(Integrand.X0);

      NoiseLevel pure = new NoiseLevel(1000, 0, 1);
      ExponentialStep first = ExponentialStep.between(pure, TO, integrand, process);
      assertThat(first.total()).isEqualTo(TO.signal());
      assertThat(Math.hypot(first.keep(), first.spread())).isCloseTo(TO.noise(), within(1e-15));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, -1})
  void moments_noStep_areZero(double tilt) {
    assertThat(new ExponentialStep(Integrand.X0, 0, 1, 0, tilt, 0).moments(3))
        .containsExactly(1, 0, 0);
  }

  private static ExponentialStep step(Integrand integrand, ReverseDynamics process) {
    return ExponentialStep.between(FROM, TO, integrand, process);
  }

  /** Simpson's rule with many points. */
  private static double integral(DoubleUnaryOperator f, double h) {
    int pieces = 20_000;
    double sum = f.applyAsDouble(0) + f.applyAsDouble(h);
    for (int i = 1; i < pieces; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * f.applyAsDouble(i * h / pieces);
    }
    return sum * h / pieces / 3;
  }
}
