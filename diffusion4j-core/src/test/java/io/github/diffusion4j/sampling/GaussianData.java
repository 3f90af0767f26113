package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * The best possible denoiser for data from N(m, s²), in closed form.
 *
 * <pre>  ε* = √(1 − ᾱₜ) (xₜ − √ᾱₜ m) / (ᾱₜ s² + 1 − ᾱₜ) </pre>
 */
record GaussianData(double mean, double variance) implements Denoiser {

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    Tensor epsilon = xt.minus(level.signal() * mean).times(slope(level));
    Tensor x0 = xt.minus(epsilon.times(level.noise())).dividedBy(level.signal());
    return new Estimate(x0, epsilon);
  }

  /** Returns how fast ε* grows with xₜ. */
  double slope(NoiseLevel level) {
    double signal = level.signal() * level.signal();
    double noise = level.noise() * level.noise();
    return level.noise() / (signal * variance + noise);
  }
}
