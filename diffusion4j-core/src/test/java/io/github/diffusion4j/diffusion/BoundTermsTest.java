package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundTermsTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final double LN2 = Math.log(2);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor random(String name) {
    return Seed.of(1).derive(name).normal(4, 3, 2, 2).to(DType.F64);
  }

  /**
   * [DDPM Eq. 12]: with a fixed variance the term is a multiple of the squared error of ε̂, and of
   * nothing else, up to a constant that is 0 for β̃.
   */
  @ParameterizedTest
  @EnumSource
  void term_fixedVariance_isTheWeightedErrorOfTheNoise(FixedVariance variance) {
    int[] t = {2, 30, 500, 1000};
    Tensor x0 = random("x0").clamp(-1, 1);
    Tensor epsilon = random("epsilon");
    Tensor epsilonHat = random("epsilonHat");
    BatchLevels levels = BatchLevels.at(DDPM, t);
    Tensor xt = levels.mix(x0, epsilon);
    Tensor x0Hat = Prediction.EPSILON.x0Hat(xt, epsilonHat, levels);
    DiagonalGaussian step = new ReverseProcess(DDPM, variance).step(xt, x0Hat, Optional.empty(), t);

    double[] terms =
        new BoundTerms(DDPM, DiscretizedDecoder.EXACT).term(x0, xt, step, t).toDoubles();

    double[] error = epsilon.minus(epsilonHat).square().mean(1, 2, 3).toDoubles();
    for (int n = 0; n < t.length; n++) {
      double sigma2 = variance.at(DDPM, t[n]);
      double weight =
          DDPM.beta(t[n])
              * DDPM.beta(t[n])
              / (2 * sigma2 * DDPM.alpha(t[n]) * (1 - DDPM.alphaBar(t[n])));
      double ratio = DDPM.betaTilde(t[n]) / sigma2;
      double constant = 0.5 * (ratio - 1 - Math.log(ratio));
      assertThat(terms[n]).isCloseTo((weight * error[n] + constant) / LN2, withinPercentage(1e-6));
    }
  }

  /** With the true x₀ and the posterior's variance nothing is lost, whatever the time. */
  @Test
  void term_perfectEstimateAndBetaTilde_isZero() {
    int[] t = {2, 30, 500, 1000};
    Tensor x0 = random("x0").clamp(-1, 1);
    Tensor xt = BatchLevels.at(DDPM, t).mix(x0, random("epsilon"));
    DiagonalGaussian step =
        new ReverseProcess(DDPM, FixedVariance.BETA_TILDE).step(xt, x0, Optional.empty(), t);

    assertNumbers(new BoundTerms(DDPM, DiscretizedDecoder.EXACT).term(x0, xt, step, t).toDoubles())
        .areCloseTo(new double[4], 1e-15);
  }

  /** Each image has the term of its own time, in whatever company: t = 1 is the decoder. */
  @Test
  void term_mixedTimes_equalsTheTermsOfTheImagesAlone() {
    int[] t = {1, 30, 1, 1000};
    Tensor x0 = random("x0").clamp(-1, 1).times(127.5).round().dividedBy(127.5);
    Tensor xt = BatchLevels.at(DDPM, t).mix(x0, random("epsilon"));
    ReverseProcess process = new ReverseProcess(DDPM, FixedVariance.BETA);
    BoundTerms terms = new BoundTerms(DDPM, DiscretizedDecoder.EXACT);
    DiagonalGaussian step = process.step(xt, xt.times(0.9), Optional.empty(), t);

    double[] together = terms.term(x0, xt, step, t).toDoubles();

    Tensor decoded = DiscretizedDecoder.EXACT.logLikelihood(x0, step).mean(1, 2, 3);
    for (int n = 0; n < t.length; n++) {
      Tensor one = x0.narrow(0, n, 1);
      Tensor noisy = xt.narrow(0, n, 1);
      DiagonalGaussian alone = process.step(noisy, noisy.times(0.9), Optional.empty(), t[n]);
      assertThat(together[n]).isEqualTo(terms.term(one, noisy, alone, t[n]).item());
      if (t[n] == 1) {
        assertThat(together[n]).isCloseTo(-decoded.toDoubles()[n] / LN2, within(1e-12));
      }
    }
  }
}
