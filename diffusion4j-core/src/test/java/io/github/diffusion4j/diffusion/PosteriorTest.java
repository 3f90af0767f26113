package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosteriorTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final ForwardProcess PROCESS = new ForwardProcess(DDPM);
  private static final Posterior POSTERIOR = new Posterior(DDPM);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Prior times likelihood, completed to a square: precisions add up, means are weighted. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 500, 999, 1000})
  void meanAndVariance_scalars_equalBayesRule(int t) {
    double x0 = 0.7;
    double xt = -1.3;
    double priorMean = Math.sqrt(DDPM.alphaBar(t - 1)) * x0;
    double priorPrecision = 1 / (1 - DDPM.alphaBar(t - 1));
    double likelihoodPrecision = DDPM.alpha(t) / DDPM.beta(t);
    double seenAt = xt / Math.sqrt(DDPM.alpha(t));
    double variance = 1 / (priorPrecision + likelihoodPrecision);
    double mean = variance * (priorPrecision * priorMean + likelihoodPrecision * seenAt);

    double actual = POSTERIOR.mean(scalar(x0), scalar(xt), t).item();

    assertThat(actual).isCloseTo(mean, within(1e-12));
    assertThat(DDPM.betaTilde(t)).isCloseTo(variance, within(1e-12 * variance + 1e-16));
  }

  @Test
  void mean_lastStep_isTheImage() {
    assertThat(POSTERIOR.mean(scalar(0.7), scalar(9), 1).item()).isCloseTo(0.7, within(1e-12));
    assertThat(POSTERIOR.xtCoefficient(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 500, 1000})
  void equation11_unclipped_equalsEquation7AfterEquation15(int t) {
    Tensor xt = Seed.of(1).normal(2, 3, 4, 4).to(DType.F64);
    Tensor epsilonHat = Seed.of(2).normal(2, 3, 4, 4).to(DType.F64);
    Tensor x0Hat = Prediction.EPSILON.x0Hat(xt, epsilonHat, PROCESS.levels(t, t));

    double[] equation7 = POSTERIOR.mean(x0Hat, xt, t).toDoubles();

    assertNumbers(POSTERIOR.meanFromEpsilon(epsilonHat, xt, t).toDoubles())
        .areCloseTo(equation7, 1e-10);
  }

  @Test
  void equation11_clipped_differsFromEquation7() {
    int t = 500;
    Tensor xt = Seed.of(1).normal(2, 3, 4, 4).to(DType.F64);
    Tensor epsilonHat = Seed.of(2).normal(2, 3, 4, 4).to(DType.F64);
    Tensor clipped = Prediction.EPSILON.x0Hat(xt, epsilonHat, PROCESS.levels(t, t)).clamp(-1, 1);

    Tensor difference =
        POSTERIOR.mean(clipped, xt, t).minus(POSTERIOR.meanFromEpsilon(epsilonHat, xt, t));

    assertThat(difference.abs().mean().item()).isGreaterThan(1e-3);
  }

  private static Tensor scalar(double value) {
    return Tensor.of(new double[] {value}, 1);
  }
}
