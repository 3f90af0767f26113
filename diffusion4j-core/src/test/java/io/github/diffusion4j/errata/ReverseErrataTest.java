package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.errata.Truth.Moments;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of docs/errata.md on the posterior and the steps back. */
class ReverseErrataTest {
  /** Coarse, so that forms differ by much. */
  private static final NoiseSchedule COARSE = NoiseSchedule.ofBetas(0.1, 0.2, 0.3, 0.4);

  private static final SubSequence TWO_STEPS = SubSequence.of(2, 4);
  private static final double X0 = 0.7;
  private static final double XT = -0.4;

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
  void posteriorVariance_betaForItsBar_isNotBayesRule() {
    double wrong = COARSE.beta(2) / (1 - COARSE.alphaBar(3)) * COARSE.beta(3);

    Truth.of(Truth.bayes(COARSE, 2, 3, X0, XT).variance(), 1e-10)
        .confirms(COARSE.betaTilde(3))
        .refutes(wrong);
  }

  @Test
  void posteriorMean_coefficientsSwapped_isNotBayesRule() {
    Posterior posterior = new Posterior(COARSE);
    double swapped = posterior.xtCoefficient(3) * X0 + posterior.x0Coefficient(3) * XT;

    Truth.of(Truth.bayes(COARSE, 2, 3, X0, XT).mean(), 1e-10)
        .confirms(posterior.mean(point(X0), point(XT), 3).item())
        .refutes(swapped);
  }

  @Test
  void logVariance_withoutTheHalf_isNotTheLogarithmOfTheDeviation() {
    double predicted = COARSE.logBetaTildeClipped(3);
    DiagonalGaussian step = new DiagonalGaussian(point(0), point(predicted));

    Truth.of(Truth.bayes(COARSE, 2, 3, X0, XT).deviation(), 1e-10)
        .confirms(step.draw(point(1)).item())
        .confirms(Math.exp(predicted / 2))
        .refutes(Math.exp(predicted));
  }

  @Test
  void stridedSteps_betaOfTheTable_isNotTheVarianceOfTheLongStep() {
    NoiseSchedule shortened = COARSE.shortenedTo(TWO_STEPS);
    double share = (1 - COARSE.alphaBar(2)) / (1 - COARSE.alphaBar(4));

    Truth.of(Truth.bayes(COARSE, 2, 4, X0, XT).variance(), 1e-10)
        .confirms(shortened.betaTilde(2))
        .refutes(share * COARSE.beta(4));
  }

  @Test
  void stridedSteps_alphaOfTheTable_isNotTheMeanOfTheLongStep() {
    NoiseSchedule shortened = COARSE.shortenedTo(TWO_STEPS);
    double epsilon = (XT - COARSE.sqrtAlphaBar(4) * X0) / COARSE.sqrtOneMinusAlphaBar(4);

    Truth.of(Truth.bayes(COARSE, 2, 4, X0, XT).mean(), 1e-10)
        .confirms(new Posterior(shortened).meanFromEpsilon(point(epsilon), point(XT), 2).item())
        .refutes(new Posterior(COARSE).meanFromEpsilon(point(epsilon), point(XT), 4).item());
  }

  /** With one image as data, every sampler must end at it. */
  @Test
  void lastStep_withNoise_missesTheImage() {
    double z = 1;
    double end =
        new DdpmSampler(COARSE, FixedVariance.BETA)
            .sample(new OneImage(X0), new OneImage.Plain(XT, z), step -> {}, 1, 1)
            .item();

    Truth.of(X0, 1e-12).confirms(end).refutes(end + Math.sqrt(COARSE.beta(1)) * z);
  }

  /** Two narrow heaps at ±1, of which every x̂₀ lies within [−1, 1] and many x₍t−1₎ do not. */
  @Test
  void clipping_theMeanInsteadOfTheImage_isNotTheMeanOfTheStep() {
    NoiseSchedule ddpm = LinearSchedule.ddpm();
    GaussianMixture heaps = GaussianMixture.of(Component.of(1, 1e-6, -1), Component.of(1, 1e-6, 1));
    int t = 300;
    double xt = 1.8;
    Moments step = new Moments(0, ddpm.beta(t));
    Truth mean =
        Truth.of(
            Truth.moments(
                    x -> {
                      double back = xt - Math.sqrt(ddpm.alpha(t)) * x;
                      return density(heaps.at(ddpm.level(t - 1)), x) * Truth.normal(back, step);
                    })
                .mean(),
            1e-5);
    Tensor x0Hat = heaps.posteriorMean(point(xt), ddpm.level(t));
    Posterior posterior = new Posterior(ddpm);

    mean.confirms(posterior.mean(x0Hat.clamp(-1, 1), point(xt), t).item());
    mean.refutes(posterior.mean(x0Hat, point(xt), t).clamp(-1, 1).item());
  }

  @Test
  void clipping_withTheOldNoise_doesNotAddUpToTheNoisyImage() {
    NoiseLevel level = COARSE.level(3);
    double xt = 2.5;
    Denoiser far = (x, at) -> OneImage.of(x, x.times(0.8), at);
    Estimate free = far.estimate(point(xt), level);
    Estimate held = BoundedDenoiser.clipping(far, 1).estimate(point(xt), level);
    double clipped = held.x0Hat().item();

    Truth.of(xt, 1e-12)
        .confirms(level.signal() * clipped + level.noise() * held.epsilonHat().item())
        .refutes(level.signal() * clipped + level.noise() * free.epsilonHat().item());
  }

  private static double density(GaussianMixture law, double x) {
    return law.components().stream()
        .mapToDouble(c -> c.weight() * Truth.normal(x, new Moments(c.mean().get(0), c.variance())))
        .sum();
  }

  private static Tensor point(double x) {
    return Tensor.of(new double[] {x}, 1, 1);
  }
}
