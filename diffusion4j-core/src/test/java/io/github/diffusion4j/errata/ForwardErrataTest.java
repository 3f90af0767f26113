package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.Blending;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.PriorGap;
import io.github.diffusion4j.errata.Truth.Moments;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first part of docs/errata.md: from image to noise. */
class ForwardErrataTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseSchedule SHORT = LinearSchedule.of(100, 1e-4, 0.02);

  @Test
  void alphaBar_productToTheLastStep_isNotWhatIsLeftAtT() {
    Truth left = Truth.of(Truth.forward(DDPM, 0, 300, 1).mean(), 1e-12);

    left.confirms(DDPM.sqrtAlphaBar(300)).refutes(DDPM.sqrtAlphaBar(DDPM.steps()));
  }

  @Test
  void noise_varianceForDeviation_hasTheWrongVariance() {
    int t = 200;
    Truth variance =
        Truth.ofDraws(
            50_000,
            random -> {
              double noise = walk(random, t, 0);
              return noise * noise;
            });
    double ofNoise = coefficients(t)[1];

    variance.confirms(ofNoise * ofNoise);
    variance.refutes(Math.pow(1 - DDPM.alphaBar(t), 2));
  }

  @Test
  void image_alphaBarForItsRoot_hasTheWrongMean() {
    int t = 200;
    Truth mean = Truth.ofDraws(50_000, random -> walk(random, t, 1));

    mean.confirms(coefficients(t)[0]).refutes(DDPM.alphaBar(t));
  }

  @Test
  void step_betaForItsRoot_doesNotKeepVarianceOne() {
    double[] a =
        IntStream.rangeClosed(1, 1000).mapToDouble(t -> Math.sqrt(DDPM.alpha(t))).toArray();
    Truth atTheEnd = Truth.of(1, 1e-9); // where sampling begins, if data have variance 1

    atTheEnd.confirms(variance(Blending.of(DDPM)));
    atTheEnd.refutes(variance(Blending.of(a, DDPM.betas())));
  }

  @Test
  void twoNoises_deviationsAdded_isNotTheirConvolution() {
    double a = 0.8;
    double b1 = 0.5;
    double b2 = 0.6;
    double x2 = 0.3;
    Moments first = new Moments(0, b1 * b1);
    Truth density =
        Truth.of(
            Truth.integral(
                x1 -> Truth.normal(x1, first) * Truth.normal(x2, new Moments(a * x1, b2 * b2))),
            1e-12);
    Blending both = Blending.of(new double[] {1, a}, new double[] {b1, b2});

    density.confirms(Truth.normal(x2, new Moments(0, both.mergedVariance(2))));
    density.refutes(Truth.normal(x2, new Moments(0, Math.pow(a * b1 + b2, 2))));
  }

  @Test
  void tableFromZero_entryBeforeTheFirst_isNotTheLast() {
    double x0 = 0.7;
    double xt = -0.4;
    double beta = DDPM.beta(1);
    double wrapped = DDPM.alphaBar(DDPM.steps());
    Truth theImage = Truth.of(x0, 1e-12);
    try (Scope scope = Scope.open()) {
      theImage.confirms(new Posterior(DDPM).mean(point(x0), point(xt), 1).item());
    }
    theImage.refutes(
        (Math.sqrt(wrapped) * beta * x0 + Math.sqrt(1 - beta) * (1 - wrapped) * xt) / beta);
  }

  @Test
  void sigma_inverseOfSnr_isNotTheNoiseOfTheRescaledImage() {
    NoiseLevel level = DDPM.level(300);

    rescaledNoise(300).confirms(level.sigma()).confirms(1 / Math.sqrt(DDPM.snr(300)));
    rescaledNoise(300).refutes(1 / DDPM.snr(300));
  }

  @Test
  void sigma_noiseCoefficient_isNotTheNoiseOfTheRescaledImage() {
    rescaledNoise(300).confirms(DDPM.level(300).sigma()).refutes(DDPM.sqrtOneMinusAlphaBar(300));
  }

  @Test
  void priorGap_zero_isNotTheDivergence() {
    Moments end = Truth.forward(DDPM, 0, DDPM.steps(), 1);
    Truth gap = Truth.of(Truth.divergence(end, new Moments(0, 1)), 1e-10);

    gap.confirms(PriorGap.of(DDPM).natsPerDimension(1)).refutes(0);
  }

  @Test
  void priorGap_plusLogVariance_isNotTheDivergence() {
    Moments end = Truth.forward(SHORT, 0, SHORT.steps(), 0.5);
    double left = SHORT.alphaBar(SHORT.steps());
    Truth gap = Truth.of(Truth.divergence(end, new Moments(0, 1)), 1e-10);

    gap.confirms(PriorGap.of(SHORT).natsPerDimension(0.25));
    gap.refutes(0.5 * (left * 0.25 - left + Math.log(1 - left)));
  }

  /** EDM's σ by its definition: how far xₜ / (factor of x₀) is from x₀. */
  private static Truth rescaledNoise(int t) {
    Moments law = Truth.forward(DDPM, 0, t, 1);
    return Truth.of(law.deviation() / law.mean(), 1e-12);
  }

  /** The variance of x_T for data of variance 1. */
  private static double variance(Blending process) {
    NoiseLevel end = process.level(process.steps());
    return end.signal() * end.signal() + end.noise() * end.noise();
  }

  /** One draw of xₜ, single step by single step. */
  private static double walk(SplittableRandom random, int t, double x0) {
    double x = x0;
    for (int step = 1; step <= t; step++) {
      double beta = DDPM.beta(step);
      x = Math.sqrt(1 - beta) * x + Math.sqrt(beta) * random.nextGaussian();
    }
    return x;
  }

  /** The factors of image and noise in what the library adds noise with. */
  private static double[] coefficients(int t) {
    try (Scope scope = Scope.open()) {
      ForwardProcess process = new ForwardProcess(DDPM);
      return new double[] {
        process.sample(point(1), new int[] {t}, point(0)).item(),
        process.sample(point(0), new int[] {t}, point(1)).item()
      };
    }
  }

  private static Tensor point(double x) {
    return Tensor.of(new double[] {x}, 1);
  }
}
