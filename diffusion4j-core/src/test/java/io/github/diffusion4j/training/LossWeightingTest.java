package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.JsdSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.Predictions;
import io.github.diffusion4j.diffusion.ZeroTerminalSnr;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossWeightingTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.ddpm();

  /** Whatever is predicted, an error of x̂₀ costs the same: min(SNR, γ) times its square. */
  @ParameterizedTest
  @EnumSource
  void minSnr_anyPrediction_weighsTheErrorOfTheImageAlike(Predictions kind) {
    Prediction prediction = kind.get();
    LossWeighting weighting = new LossWeighting.MinSnr(SCHEDULE, prediction, 5);
    for (int t : new int[] {1, 50, 300, 1000}) {
      double expected = Math.min(SCHEDULE.snr(t), 5) * errorOfX0(prediction, t);
      assertThat(weighting.weight(t)).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  /** The same loss of the noise, whatever is predicted: 1 for SNR, (k + SNR)^−γ for P2. */
  @ParameterizedTest
  @EnumSource
  void snrAndP2_anyPrediction_weighTheErrorOfTheNoiseAlike(Predictions kind) {
    Prediction prediction = kind.get();
    LossWeighting snr = new LossWeighting.Snr(SCHEDULE, prediction);
    LossWeighting p2 = new LossWeighting.P2(SCHEDULE, prediction, 1, 0.5);
    for (int t : new int[] {1, 50, 300, 1000}) {
      double errorOfNoise = SCHEDULE.snr(t) * errorOfX0(prediction, t);
      double expected = errorOfNoise / Math.sqrt(1 + SCHEDULE.snr(t));
      assertThat(snr.weight(t)).isCloseTo(errorOfNoise, within(1e-9 * errorOfNoise));
      assertThat(p2.weight(t)).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void p2_gammaZero_isSimple() {
    assertThat(new LossWeighting.P2(SCHEDULE, Prediction.EPSILON, 1, 0).weight(700))
        .isCloseTo(1, within(1e-12));
  }

  /** EDM's λ(σ) of the error of x̂₀, and so 1 for a network that predicts F. */
  @ParameterizedTest
  @EnumSource
  void preconditioned_anyPrediction_followsTheFormula(Predictions kind) {
    Prediction prediction = kind.get();
    LossWeighting weighting = new LossWeighting.Preconditioned(SCHEDULE, prediction, 0.5);
    for (int t : new int[] {1, 50, 300, 1000}) {
      double sigma = sigma(t);
      double lambda = (sigma * sigma + 0.25) / (sigma * sigma * 0.25);
      double expected = lambda * errorOfX0(prediction, t);
      assertThat(weighting.weight(t)).isCloseTo(expected, within(1e-9 * expected));
    }
    Prediction f = Prediction.preconditioned(0.5);
    assertThat(new LossWeighting.Preconditioned(SCHEDULE, f, 0.5).weight(300)).isEqualTo(1);
  }

  /** Where no signal is left an error of ε̂ costs what it costs at the least signal there is. */
  @ParameterizedTest
  @EnumSource(names = {"EPSILON", "X0", "V"})
  void weights_noSignalLeft_areTheirLimits(Predictions kind) {
    NoiseSchedule none = ZeroTerminalSnr.of(SCHEDULE);
    Prediction prediction = kind.get();
    double ofEpsilon = kind == Predictions.EPSILON ? 1 : 0;

    assertThat(new LossWeighting.Snr(none, prediction).weight(1000))
        .isCloseTo(ofEpsilon, within(1e-12));
    assertThat(new LossWeighting.MinSnr(none, prediction, 5).weight(1000))
        .isCloseTo(ofEpsilon, within(1e-12));
    assertThat(new LossWeighting.P2(none, prediction, 1, 0.5).weight(1000))
        .isCloseTo(ofEpsilon, within(1e-12));
  }

  @Test
  void uniform_anyTime_isOne() {
    assertThat(new LossWeighting.Uniform().weight(1)).isEqualTo(1);
    assertThat(new LossWeighting.Uniform().weight(1000)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void edm_anyPrediction_hasMeanOne(Predictions kind) {
    Prediction prediction = kind.get();
    LossWeighting weighting = LossWeighting.Edm.of(SCHEDULE, prediction, -0.4, 1.2);
    double sum = 0;
    for (int t = 1; t <= 1000; t++) {
      assertThat(weighting.weight(t)).isNotNegative();
      sum += weighting.weight(t);
    }

    assertThat(sum / 1000).isCloseTo(1, within(1e-9));
  }

  /**
   * Whatever is predicted, the weights of an error of x̂₀ are in the proportions of the formula.
   */
  @ParameterizedTest
  @EnumSource
  void edm_anyPrediction_followsTheFormula(Predictions kind) {
    Prediction prediction = kind.get();
    LossWeighting weighting = LossWeighting.Edm.of(SCHEDULE, prediction, -1.2, 1.5);
    double reference = weighting.weight(500) / edm(500) / errorOfX0(prediction, 500);
    for (int t : new int[] {2, 100, 250, 800, 999}) {
      double ratio = weighting.weight(t) / edm(t) / errorOfX0(prediction, t);

      assertThat(ratio).isCloseTo(reference, within(1e-9 * reference));
    }
  }

  @Test
  void edm_scheduleThatEndsWithoutSignal_givesItsEndNoWeight() {
    NoiseSchedule schedule = JsdSchedule.of(100);
    LossWeighting weighting = LossWeighting.Edm.of(schedule, Prediction.V, -0.4, 1.2);

    double sum = 0;
    for (int t = 1; t <= 100; t++) {
      assertThat(weighting.weight(t)).isFinite().isNotNegative();
      sum += weighting.weight(t);
    }
    assertThat(sum).isCloseTo(100, within(1e-9));
    assertThat(weighting.weight(99)).isPositive();
    assertThat(weighting.weight(100)).isZero();
  }

  private static double edm(int t) {
    double sigma = sigma(t);
    double perStep = (Math.log(sigma(t + 1)) - Math.log(sigma(t - 1))) / 2;
    double fromCenter = (Math.log(sigma) + 1.2) / 1.5;
    double level = (sigma * sigma + 0.36) / (0.36 * sigma * sigma);
    return level * Math.exp(-fromCenter * fromCenter / 2) * perStep;
  }

  private static double sigma(int t) {
    double alphaBar = SCHEDULE.alphaBar(t);
    return Math.sqrt((1 - alphaBar) / alphaBar);
  }

  /** The squared error of x̂₀ that an error of 1 in the prediction makes. */
  private static double errorOfX0(Prediction prediction, int t) {
    try (Scope scope = Scope.open()) {
      BatchLevels levels = new ForwardProcess(SCHEDULE).levels(t);
      Tensor xt = Tensor.zeros(DType.F64, 1, 1);
      Tensor one = Tensor.of(new double[] {1}, 1, 1);
      Tensor zero = Tensor.zeros(DType.F64, 1, 1);
      double error =
          prediction.x0Hat(xt, one, levels).item() - prediction.x0Hat(xt, zero, levels).item();
      return error * error;
    }
  }
}
