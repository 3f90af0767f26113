package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;

/**
 * The posterior q(x₍t−1₎ | xₜ, x₀) of the forward process: where a noisy image came from, if the
 * clean one is known, [DDPM Eq. 6].
 *
 * <p>It is a Gaussian with the mean below and the variance {@link NoiseSchedule#betaTilde}. Without
 * x₀ it would depend on all images of the world; the network's estimate x̂₀ stands in for it.
 */
public final class Posterior {
  private final NoiseSchedule schedule;

  /** The posterior of the process with the variances of {@code schedule}. */
  public Posterior(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * Returns the mean of q(x₍t−1₎ | xₜ, x₀), [DDPM Eq. 7].
   *
   * <pre>  μ̃ₜ = √ᾱ₍t−1₎ βₜ / (1 − ᾱₜ) · x₀  +  √αₜ (1 − ᾱ₍t−1₎) / (1 − ᾱₜ) · xₜ </pre>
   *
   * @param x0 clean images, [N, C, H, W], in [−1, 1]
   * @param xt noisy images at step {@code t}, same shape
   * @param t one time for the whole batch, in 1…T
   * @return a new tensor of the same shape, owned by the caller's scope
   */
  public Tensor mean(Tensor x0, Tensor xt, int t) {
    return x0.times(x0Coefficient(t)).plus(xt.times(xtCoefficient(t)));
  }

  /** Returns the mean for images that are each at a time of their own. */
  public Tensor mean(Tensor x0, Tensor xt, int[] t) {
    return BatchLevels.at(schedule, t)
        .blend(
            x0,
            level -> x0Coefficient((int) level.t()),
            xt,
            level -> xtCoefficient((int) level.t()));
  }

  /**
   * Returns q(x₍t−1₎ | xₜ, x₀) itself, for images that are each at a time of their own.
   *
   * <p>At t = 1 it is certain; there the logarithm of its variance is {@link
   * NoiseSchedule#logBetaTildeClipped}.
   */
  public DiagonalGaussian at(Tensor x0, Tensor xt, int... t) {
    return new DiagonalGaussian(
        mean(x0, xt, t),
        BatchLevels.at(schedule, t)
            .column(level -> schedule.logBetaTildeClipped((int) level.t()), xt));
  }

  /**
   * Returns the same mean written with the noise instead of x₀, [DDPM Eq. 11].
   *
   * <pre>  μ = (xₜ − βₜ / √(1 − ᾱₜ) · ε) / √αₜ </pre>
   *
   * <p>Differs from {@link #mean} as soon as x̂₀ is clipped in between.
   */
  public Tensor meanFromEpsilon(Tensor epsilon, Tensor xt, int t) {
    double noiseShare = schedule.beta(t) / schedule.sqrtOneMinusAlphaBar(t);
    return xt.minus(epsilon.times(noiseShare)).dividedBy(Math.sqrt(schedule.alpha(t)));
  }

  /** Returns the factor of x₀ in {@link #mean}. */
  public double x0Coefficient(int t) {
    return schedule.sqrtAlphaBar(t - 1) * schedule.beta(t) / (1 - schedule.alphaBar(t));
  }

  /** Returns the factor of xₜ in {@link #mean}. */
  public double xtCoefficient(int t) {
    double before = 1 - schedule.alphaBar(t - 1);
    return Math.sqrt(schedule.alpha(t)) * before / (1 - schedule.alphaBar(t));
  }
}
