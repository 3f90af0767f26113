package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianMixtureTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final GaussianMixture LINE =
      GaussianMixture.of(Component.of(1, 0.04, -1), Component.of(3, 0.25, 0.8));
  private static final GaussianMixture PLANE =
      GaussianMixture.of(
          Component.of(0.2, 0.1, -1, 0.5),
          Component.of(0.5, 0.3, 1, 0),
          Component.of(0.3, 0.02, 0, -1));

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void logDensity_ofALine_isThatOfTheFormula() {
    double x = 0.3;
    double expected = 0.25 * normal(x, -1, 0.04) + 0.75 * normal(x, 0.8, 0.25);

    assertThat(LINE.logDensity(point(x)).item()).isCloseTo(Math.log(expected), within(1e-12));
    assertThat(integral(u -> density(LINE, u))).isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 500, 1000})
  void score_anyTime_isTheSlopeOfTheLogDensity(int t) {
    GaussianMixture law = PLANE.at(DDPM.level(t));
    Tensor x = Seed.of(1).normal(5, 2).to(DType.F64);
    double h = 1e-5;
    double[] score = law.score(x).toDoubles();
    for (int i = 0; i < 2; i++) {
      double[] step = {0, 0};
      step[i] = h;
      Tensor shift = Tensor.of(step, 1, 2);
      double[] slope =
          law.logDensity(x.plus(shift))
              .minus(law.logDensity(x.minus(shift)))
              .dividedBy(2 * h)
              .toDoubles();
      for (int n = 0; n < 5; n++) {
        assertThat(score[2 * n + i]).isCloseTo(slope[n], within(1e-6 * (1 + Math.abs(slope[n]))));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 500, 1000})
  void posteriorMean_anyTime_isTweediesFormulaOfTheScore(int t) {
    NoiseLevel level = DDPM.level(t);
    Tensor xt = Seed.of(2).normal(7, 2).to(DType.F64);
    double noise = level.noise() * level.noise();
    Tensor tweedie = xt.plus(PLANE.at(level).score(xt).times(noise)).dividedBy(level.signal());

    assertNumbers(PLANE.posteriorMean(xt, level).toDoubles())
        .areCloseTo(tweedie.toDoubles(), 1e-10);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 300, 900})
  void posteriorMean_onALine_isTheMeanByQuadrature(int t) {
    NoiseLevel level = DDPM.level(t);
    double variance = level.noise() * level.noise();
    double xt = 0.4;
    DoubleUnaryOperator joint = x0 -> density(LINE, x0) * normal(xt, level.signal() * x0, variance);
    double mean = integral(x0 -> x0 * joint.applyAsDouble(x0)) / integral(joint);

    assertThat(LINE.posteriorMean(point(xt), level).item()).isCloseTo(mean, within(1e-8));
  }

  @Test
  void at_ofANoisyLaw_isTheConvolution() {
    NoiseLevel level = DDPM.level(300);
    double x = 0.2;
    double variance = level.noise() * level.noise();
    double density = integral(x0 -> density(LINE, x0) * normal(x, level.signal() * x0, variance));

    assertThat(density(LINE.at(level), x)).isCloseTo(density, within(1e-9));
  }

  /** Bayes' rule with both marginals known: q(x₍t−1₎ | xₜ) ∝ q(xₜ | x₍t−1₎) q(x₍t−1₎). */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50, 500, 1000})
  void reverse_anyTime_isBayesRule(int t) {
    double xt = 0.1;
    GaussianMixture before = LINE.at(DDPM.level(t - 1));
    double evidence = density(LINE.at(DDPM.level(t)), xt);
    GaussianMixture reverse = LINE.reverse(DDPM, t, xt);
    for (double x : new double[] {-1.2, 0, 0.1, 0.2, 0.9}) {
      double bayes =
          normal(xt, Math.sqrt(DDPM.alpha(t)) * x, DDPM.beta(t)) * density(before, x) / evidence;

      assertThat(density(reverse, x)).isCloseTo(bayes, within(1e-9 * (1 + bayes)));
    }
  }

  @Test
  void sample_many_haveTheMomentsOfTheMixture() {
    int count = 100_000;
    Tensor points = PLANE.sample(count, Seed.of(3));
    double[] mean = points.mean(0).toDoubles();
    double[] square = points.square().mean(0).toDoubles();

    // E x = −0.2 + 0.5, E y = 0.1 − 0.3; the second moments add each component's variance.
    assertThat(mean[0]).isCloseTo(0.3, within(4 * 1.0 / Math.sqrt(count)));
    assertThat(mean[1]).isCloseTo(-0.2, within(4 * 0.8 / Math.sqrt(count)));
    assertThat(square[0]).isCloseTo(0.2 + 0.5 + 0.02 + 0.15 + 0.006, within(0.02));
    assertThat(square[1]).isCloseTo(0.05 + 0.3 + 0.02 + 0.15 + 0.006, within(0.02));
  }

  @Test
  void shapes_ofImages_areKept() {
    Tensor images = Tensor.zeros(3, 1, 2, 1);

    assertThat(PLANE.score(images).shape()).containsExactly(3, 1, 2, 1);
    assertThat(PLANE.posteriorMean(images, DDPM.level(5)).shape()).containsExactly(3, 1, 2, 1);
    assertThat(PLANE.logDensity(images).shape()).containsExactly(3);
  }

  @Test
  void wrongMixtures_areRefused() {
    assertThatThrownBy(() -> Component.of(0, 1, 1))
        .hasMessageStartingWith("weight is 0.0, variance 1.0, mean [1.0]; allowed: above 0");
    assertThatThrownBy(() -> GaussianMixture.of(Component.of(1, 1, 1), Component.of(1, 1, 1, 2)))
        .hasMessageContaining("all of one dimension");
    assertThatThrownBy(() -> LINE.score(Tensor.zeros(3, 2)))
        .hasMessage("points are F32[3, 2]; this mixture has 1 dimensions");
  }

  /** The density on a line, by the formula; the class itself is held against it above. */
  private static double density(GaussianMixture law, double x) {
    return law.components().stream()
        .mapToDouble(c -> c.weight() * normal(x, c.mean().get(0), c.variance()))
        .sum();
  }

  private static Tensor point(double x) {
    return Tensor.of(new double[] {x}, 1, 1);
  }

  private static double normal(double x, double mean, double variance) {
    return Math.exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  }

  /** The trapezoidal rule, which converges beyond all powers for such functions. */
  private static double integral(DoubleUnaryOperator f) {
    double h = 1e-3;
    double sum = 0;
    for (int i = -8000; i <= 8000; i++) {
      sum += f.applyAsDouble(i * h);
    }
    return sum * h;
  }
}
