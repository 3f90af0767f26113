package io.github.diffusion4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * DDPM is a hierarchical variational autoencoder: T layers of latent variables of the size of the
 * image, an encoder that is fixed, and a decoder p(x_T) ∏ p(x₍t−1₎ | xₜ).
 *
 * <p>Its ELBO is E[ln p(x₀…x_T) − ln q(x₁…x_T | x₀)], with q the product of the single steps q(xₜ |
 * x₍t−1₎). Here it is computed by that definition, in plain numbers that share no code with the
 * library: the chain is drawn step by step, and the logarithms of all its densities are added up.
 * Its negative is the bound, which the library computes from divergences that condition on x₀.
 */
class DdpmAsHierarchicalVaeTest {
  private static final double[] BETA = {0.0, 0.002, 0.02, 0.08, 0.2, 0.4, 0.7};
  private static final int STEPS = BETA.length - 1;
  private static final double[] IMAGE = {-1, -1 + 100 / 127.5, -1 + 171 / 127.5, 1};
  private static final int CHAINS = 40_000;

  @Test
  void elboByItsDefinition_isTheNegativeOfTheBound() {
    double[] elbo = elbos(new SplittableRandom(11));
    double mean = Arrays.stream(elbo).average().orElseThrow();
    double spread = Arrays.stream(elbo).map(e -> (e - mean) * (e - mean)).sum();
    double elboError = Math.sqrt(spread / (CHAINS - 1) / CHAINS);

    BitsPerDimension bound = bound();

    double bits = -mean / IMAGE.length / Math.log(2);
    double error = elboError / IMAGE.length / Math.log(2);
    assertThat(Math.max(error, bound.standardError())).isLessThan(0.01);
    assertThat(bits).isCloseTo(bound.mean(), within(4 * Math.hypot(error, bound.standardError())));
  }

  /** The library's answer for as many copies of the image, each with noise of its own. */
  private static BitsPerDimension bound() {
    NoiseSchedule schedule = NoiseSchedule.ofBetas(Arrays.copyOfRange(BETA, 1, BETA.length));
    Denoiser denoiser =
        (xt, level) -> {
          Tensor x0Hat = Functions.sin(xt.times(1.2).plus(0.1 * level.t()));
          return new Estimate(
              x0Hat, Prediction.X0.epsilonHat(xt, x0Hat, BatchLevels.same(level, xt)));
        };
    try (Scope scope = Scope.open()) {
      Tensor x0 = Tensor.of(IMAGE, 1, IMAGE.length).expand(CHAINS, IMAGE.length).contiguous();
      return new VariationalBound(
              schedule,
              FixedVariance.BETA,
              DiscretizedDecoder.EXACT,
              TimeSelection.all(schedule),
              1)
          .measure(ImageDenoiser.same(denoiser), x0, Seed.of(4), done -> {})
          .total();
    }
  }

  private static double[] elbos(SplittableRandom random) {
    double[] elbo = new double[CHAINS];
    for (int chain = 0; chain < CHAINS; chain++) {
      for (double pixel : IMAGE) {
        elbo[chain] += elboOfOnePixel(pixel, random);
      }
    }
    return elbo;
  }

  /** ln p(x_T) + Σ ln p(x₍t−1₎ | xₜ) + ln p(x₀ | x₁) − Σ ln q(xₜ | x₍t−1₎), along one chain. */
  private static double elboOfOnePixel(double x0, SplittableRandom random) {
    double[] x = new double[STEPS + 1];
    x[0] = x0;
    double sum = 0;
    for (int t = 1; t <= STEPS; t++) {
      double mean = Math.sqrt(1 - BETA[t]) * x[t - 1];
      x[t] = mean + Math.sqrt(BETA[t]) * gaussian(random);
      sum -= logNormal(x[t], mean, BETA[t]);
    }
    sum += logNormal(x[STEPS], 0, 1);
    for (int t = STEPS; t >= 2; t--) {
      sum += logNormal(x[t - 1], reverseMean(x[t], t), BETA[t]);
    }
    double decoderVariance = BETA[1] * BETA[2] / (1 - (1 - BETA[1]) * (1 - BETA[2]));
    return sum + Math.log(GrayPixels.mass(x0, reverseMean(x[1], 1), decoderVariance));
  }

  /** The mean that goes with x̂₀ = sin(1.2 xₜ + 0.1 t), a network of no particular merit. */
  private static double reverseMean(double xt, int t) {
    double before = product(t - 1);
    double now = before * (1 - BETA[t]);
    double x0Hat = Math.sin(1.2 * xt + 0.1 * t);
    return (Math.sqrt(before) * BETA[t] * x0Hat + Math.sqrt(1 - BETA[t]) * (1 - before) * xt)
        / (1 - now);
  }

  private static double product(int t) {
    double product = 1;
    for (int s = 1; s <= t; s++) {
      product *= 1 - BETA[s];
    }
    return product;
  }

  private static double logNormal(double x, double mean, double variance) {
    return -0.5 * ((x - mean) * (x - mean) / variance + Math.log(2 * Math.PI * variance));
  }

  /** Box and Muller. */
  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
