package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Tensor;

/**
 * The best possible denoiser for data from N(m, s²), in closed form.
 *
 * <pre>  ε* = √(1 − ᾱₜ) (xₜ − √ᾱₜ m) / (ᾱₜ s² + 1 − ᾱₜ) </pre>
 */
record GaussianData(NoiseSchedule schedule, double mean, double variance) implements Denoiser {

  @Override
  public Estimate estimate(Tensor xt, int t) {
    double signal = schedule.sqrtAlphaBar(t);
    Tensor epsilon = xt.minus(signal * mean).times(slope(t));
    Tensor x0 = xt.minus(epsilon.times(schedule.sqrtOneMinusAlphaBar(t))).dividedBy(signal);
    return new Estimate(x0, epsilon);
  }

  /** Returns how fast ε* grows with xₜ. */
  double slope(int t) {
    double alphaBar = schedule.alphaBar(t);
    return Math.sqrt(1 - alphaBar) / (alphaBar * variance + 1 - alphaBar);
  }
}
