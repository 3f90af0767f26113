package io.github.diffusion4j.errata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.errata.Truth.Moments;
import io.github.diffusion4j.likelihood.Dequantization;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.LossWeighting;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of docs/errata.md on the bound and the losses. */
class BoundErrataTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseSchedule COARSE = NoiseSchedule.ofBetas(0.1, 0.2, 0.3, 0.4);
  private static final Moments STANDARD = new Moments(0, 1);

  private static final int TIME = 250;
  private static final double GAMMA = 5;

  /** For what does not look at its denoiser. */
  private static final Denoiser NONE =
      (xt, level) -> {
        throw new AssertionError("nobody should ask");
      };

  /** A pixel's law by the decoder. */
  private static final double CENTER = 0.1;

  private static final double DEVIATION = 0.3;

  @Test
  void middleTerm_divergenceReversed_isNotTheBound() {
    double others = TwoStepModel.priorTerm() + TwoStepModel.decoderTerm();

    Truth.of(TwoStepModel.bound(), 1e-9)
        .confirms(others + TwoStepModel.middleTerm())
        .refutes(others + TwoStepModel.middleTermReversed());
  }

  @Test
  void decoderTerm_wrongSign_isNotTheBoundAndNoBound() {
    double others = TwoStepModel.priorTerm() + TwoStepModel.middleTerm();
    double wrong = others - TwoStepModel.decoderTerm();

    Truth.of(TwoStepModel.bound(), 1e-9)
        .confirms(others + TwoStepModel.decoderTerm())
        .refutes(wrong);
    assertThat(TwoStepModel.bound()).isGreaterThan(TwoStepModel.negativeLogLikelihood());
    assertThat(wrong).isLessThan(TwoStepModel.negativeLogLikelihood());
  }

  /** The divergence of two steps of one variance whose noises differ by δ. */
  @Test
  void weightOfTheNoise_alphaBarForAlpha_isNotTheDivergence() {
    int t = 3;
    double delta = 0.5;
    double x0 = 0.7;
    double xt = -0.4;
    double x0Hat = x0 - COARSE.sqrtOneMinusAlphaBar(t) * delta / COARSE.sqrtAlphaBar(t);
    Moments q = Truth.bayes(COARSE, t - 1, t, x0, xt);
    Moments p = Truth.bayes(COARSE, t - 1, t, x0Hat, xt);
    double beta = COARSE.beta(t);
    double common = beta * beta / (2 * COARSE.betaTilde(t) * (1 - COARSE.alphaBar(t)));

    Truth.of(Truth.divergence(q, p), 1e-8)
        .confirms(common / COARSE.alpha(t) * delta * delta)
        .refutes(common / COARSE.alphaBar(t) * delta * delta);
  }

  /** All terms of a model whose noise is off by 1 everywhere, looked at by one random t each. */
  @Test
  void randomTime_withoutTheFactorT_isNotTheSum() {
    int steps = DDPM.steps();
    double sum = 0;
    for (int t = 2; t <= steps; t++) {
      sum += term(t);
    }
    Truth oneTerm = Truth.ofDraws(200_000, random -> term(1 + random.nextInt(steps)));

    Truth.of(sum, steps * oneTerm.tolerance())
        .confirms(steps * oneTerm.value())
        .refutes(oneTerm.value());
  }

  /** Min-SNR is a weight of the error of x̂₀; what the network predicts has another error. */
  @Test
  void minSnr_notDividedBySnr_isNotTheWeightOfTheNoise() {
    weighted(Prediction.EPSILON)
        .confirms(new LossWeighting.MinSnr(DDPM, Prediction.EPSILON, GAMMA).weight(TIME))
        .refutes(Math.min(DDPM.snr(TIME), GAMMA));
  }

  @Test
  void minSnr_dividedBySnr_isNotTheWeightOfTheVelocity() {
    weighted(Prediction.V)
        .confirms(new LossWeighting.MinSnr(DDPM, Prediction.V, GAMMA).weight(TIME))
        .refutes(Math.min(DDPM.snr(TIME), GAMMA) / DDPM.snr(TIME));
  }

  /** min(SNR, γ) times the squared error of x̂₀ that an error of 1 in the prediction makes. */
  private static Truth weighted(Prediction prediction) {
    try (Scope scope = Scope.open()) {
      BatchLevels level = BatchLevels.of(List.of(DDPM.level(TIME)));
      Tensor xt = Tensor.of(new double[] {0.3}, 1, 1);
      Tensor more = prediction.x0Hat(xt, Tensor.of(new double[] {1.4}, 1, 1), level);
      Tensor less = prediction.x0Hat(xt, Tensor.of(new double[] {0.4}, 1, 1), level);
      double error = more.minus(less).square().item();
      return Truth.of(Math.min(DDPM.snr(TIME), GAMMA) * error, 1e-9);
    }
  }

  @Test
  void normalCdf_byTanh_isNotExact() {
    double z = 1.5;
    Truth mass = Truth.of(0.5 + below(z), 1e-9);

    try (Scope scope = Scope.open()) {
      mass.confirms(Functions.logNormalCdf(Tensor.of(new double[] {z}, 1)).exp().item());
    }
    mass.confirms(series(z));
    mass.refutes(0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))));
  }

  @Test
  void decoder_binsTwiceAsWide_doNotAddUpToOne() {
    double[] values = IntStream.range(0, 256).mapToDouble(i -> i / 127.5 - 1).toArray();
    try (Scope scope = Scope.open()) {
      DiagonalGaussian step =
          new DiagonalGaussian(
              Tensor.zeros(DType.F64, 256).plus(CENTER),
              Tensor.zeros(DType.F64, 256).plus(2 * Math.log(DEVIATION)));
      Tensor log = DiscretizedDecoder.EXACT.logLikelihood(Tensor.of(values, 256), step);

      Truth.of(1, 1e-9)
          .confirms(log.exp().sum().item())
          .confirms(allBins(1.0 / 255))
          .refutes(allBins(2.0 / 255));
    }
  }

  /** Uniform noise of 256 values has 8 bits; spread over its bins it has a constant density. */
  @Test
  void bitsPerDimension_eightAddedForDataFromMinusOne_areNotTheEntropy() {
    double bitsOfTheDensity = Math.log(256 / 127.5) / Math.log(2);
    double offset;
    try (Scope scope = Scope.open()) {
      Dequantization even = Dequantization.uniform(NoiseLevel.CLEAN);
      Tensor pixel = Tensor.zeros(1, 1);
      offset = even.draw(NONE, pixel, List.of(Seed.of(1))).correction().item() / Math.log(2);
    }

    Truth.of(Math.log(256) / Math.log(2), 1e-12)
        .confirms(bitsOfTheDensity + offset)
        .confirms(bitsOfTheDensity + Math.log(127.5) / Math.log(2))
        .refutes(bitsOfTheDensity + 7)
        .refutes(bitsOfTheDensity + 8);
  }

  /** L₍t−1₎ for a squared error of 1 and σ² = β, with L₀ left out. */
  private static double term(int t) {
    return t == 1 ? 0 : DDPM.beta(t) / (2 * DDPM.alpha(t) * (1 - DDPM.alphaBar(t)));
  }

  /** The masses of all 256 values; the outermost two have the tails. */
  private static double allBins(double half) {
    double sum = 0;
    for (int value = 0; value < 256; value++) {
      double center = value / 127.5 - 1;
      double upper = value == 255 ? 1 : series((center + half - CENTER) / DEVIATION);
      double lower = value == 0 ? 0 : series((center - half - CENTER) / DEVIATION);
      sum += upper - lower;
    }
    return sum;
  }

  /** The mass of N(0, 1) between 0 and z, by Simpson's rule. */
  private static double below(double z) {
    int parts = 1000;
    double h = z / parts;
    double sum = Truth.normal(0, STANDARD) + Truth.normal(z, STANDARD);
    for (int i = 1; i < parts; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * Truth.normal(i * h, STANDARD);
    }
    return sum * h / 3;
  }

  /** Φ(z) = ½ + φ(z) (z + z³/3 + z⁵/(3·5) + …). */
  private static double series(double z) {
    double term = z;
    double sum = z;
    for (int i = 1; i < 200; i++) {
      term *= z * z / (2 * i + 1);
      sum += term;
    }
    return 0.5 + Truth.normal(z, STANDARD) * sum;
  }
}
