package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoreTest {
  private static final GaussianMixture DATA =
      GaussianMixture.of(Component.of(0.3, 0.04, -1.5, 0.5), Component.of(0.7, 0.09, 1, 1));
  private static final NoiseLevel VP = LinearSchedule.ddpm().level(400);
  private static final NoiseLevel VE = new NoiseLevel(1, 1, 3);

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
  void posteriorMean_ofTheExactScore_isTheExactMean() {
    for (NoiseLevel level : new NoiseLevel[] {VP, VE}) {
      Tensor xt = points();
      Tensor score = DATA.at(level).score(xt);

      assertNumbers(Score.posteriorMean(xt, score, level).toDoubles())
          .areCloseTo(DATA.posteriorMean(xt, level).toDoubles(), 1e-12);
    }
  }

  @Test
  void fromEpsilon_bestNoise_isTheGradientOfTheLogDensity() {
    double h = 1e-5;
    Tensor xt = points();
    Tensor x0 = DATA.posteriorMean(xt, VP);
    Tensor epsilon = xt.minus(x0.times(VP.signal())).dividedBy(VP.noise());
    Tensor right = Tensor.of(new double[] {h, 0}, 1, 2);

    double[] score = Score.fromEpsilon(epsilon, VP).toDoubles();

    double[] up = DATA.at(VP).logDensity(xt.plus(right)).toDoubles();
    double[] down = DATA.at(VP).logDensity(xt.minus(right)).toDoubles();
    for (int n = 0; n < 3; n++) {
      assertThat(score[2 * n]).isCloseTo((up[n] - down[n]) / (2 * h), within(1e-8));
    }
  }

  @Test
  void toEpsilon_ofAnyScore_isTheInverse() {
    Tensor epsilon = points();

    assertNumbers(Score.toEpsilon(Score.fromEpsilon(epsilon, VE), VE).toDoubles())
        .areCloseTo(epsilon.toDoubles(), 1e-14);
    assertNumbers(
            Prediction.SCORE
                .epsilonHat(points(), Score.fromEpsilon(epsilon, VE), BatchLevels.same(VE, epsilon))
                .toDoubles())
        .areCloseTo(epsilon.toDoubles(), 1e-14);
  }

  @Test
  void ends_withoutNoiseOrImage_areRefused() {
    Tensor x = points();

    assertThatThrownBy(() -> Score.fromEpsilon(x, NoiseLevel.CLEAN))
        .hasMessage("noise is 0; the score of clean images is not known");
    assertThatThrownBy(() -> Score.posteriorMean(x, x, new NoiseLevel(1, 0, 1)))
        .hasMessage("signal is 0; Tweedie's formula needs some image in xₜ");
  }

  private static Tensor points() {
    return Tensor.of(new double[] {-1, 0.4, 0.2, 1.3, 0.9, -0.8}, 3, 2);
  }
}
