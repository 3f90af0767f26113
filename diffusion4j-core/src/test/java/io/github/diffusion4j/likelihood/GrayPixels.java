package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

/**
 * Images of independent pixels from N(mean, variance), rounded to 256 gray levels: data whose
 * probability is a matter of integrals.
 */
record GrayPixels(double mean, double variance, int dimensions) {
  private static final double HALF_BIN = 1 / 255.0;
  private static final int INTERVALS = 200;

  /** Returns the best denoiser of the pixels before they are rounded. */
  Denoiser denoiser() {
    double[] center = new double[dimensions];
    Arrays.fill(center, mean);
    return new MixtureDenoiser(
        GaussianMixture.of(GaussianMixture.Component.of(1, variance, center)));
  }

  /** Draws images, F64 [count, dimensions]. */
  Tensor sample(int count, Seed seed) {
    Tensor x = seed.normal(count, dimensions).to(DType.F64).times(Math.sqrt(variance)).plus(mean);
    return x.plus(1).times(127.5).round().clamp(0, 255).dividedBy(127.5).minus(1);
  }

  /** Returns −log₂ P of each image, per dimension. */
  double[] bits(Tensor x0) {
    double[] pixels = x0.toDoubles();
    double[] bits = new double[pixels.length / dimensions];
    for (int i = 0; i < pixels.length; i++) {
      bits[i / dimensions] -= Math.log(mass(pixels[i], mean, variance)) / Math.log(2) / dimensions;
    }
    return bits;
  }

  /** Returns the probability that N(mean, variance) is rounded to {@code pixel}, by Simpson. */
  static double mass(double pixel, double mean, double variance) {
    double tail = 12 * Math.sqrt(variance);
    double from = pixel < -0.999 ? Math.min(mean, pixel) - tail : pixel - HALF_BIN;
    double to = pixel > 0.999 ? Math.max(mean, pixel) + tail : pixel + HALF_BIN;
    double h = (to - from) / INTERVALS;
    double sum = 0;
    for (int i = 0; i <= INTERVALS; i++) {
      double z = from + i * h - mean;
      double density = Math.exp(-z * z / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
      sum += density * (i == 0 || i == INTERVALS ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return sum * h / 3;
  }
}
