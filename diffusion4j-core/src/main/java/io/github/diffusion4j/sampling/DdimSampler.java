package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;

/**
 * Sampling with fewer steps and as much or as little noise as wanted, [DDIM Eq. 12].
 *
 * <pre>  x at τ₍s−1₎ = √ᾱ₍s−1₎ x̂₀ + √(1 − ᾱ₍s−1₎ − σ²) ε̂ + σ z </pre>
 *
 * <p>DDIM's paper writes α for what is ᾱ here. With η = 0 the result is a function of x_T alone,
 * and the sampler is {@link EulerSampler} without churn; with η = 1 it has the law of {@link
 * DdpmSampler} with {@code BETA_TILDE}, and is what is called Euler ancestral.
 */
public final class DdimSampler extends ReverseChain {
  private final double eta;

  /**
   * The sampler that takes the steps of {@code tau}.
   *
   * @param eta how much fresh noise: 0 none, 1 as much as ancestral sampling
   * @throws IllegalArgumentException if {@code eta} is not in [0, 1]
   */
  public DdimSampler(NoiseSchedule schedule, SubSequence tau, double eta) {
    this(NoiseGrid.of(schedule, tau), eta);
  }

  /**
   * The sampler that goes down the levels of {@code grid}.
   *
   * @param eta how much fresh noise: 0 none, 1 as much as ancestral sampling
   * @throws IllegalArgumentException if {@code eta} is not in [0, 1]
   */
  public DdimSampler(NoiseGrid grid, double eta) {
    super(grid);
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta is " + eta + "; allowed: 0 ≤ eta ≤ 1");
    }
    this.eta = eta;
  }

  /**
   * Returns the standard deviation of the fresh noise, η √β̃ₛ, [DDIM Eq. 16].
   *
   * <pre>  β̃ₛ = noise'² / noise² · βₛ,  βₛ = noise² − (signal / signal')² noise'² </pre>
   */
  public double sigma(int s) {
    NoiseLevel now = level(s);
    NoiseLevel before = level(s - 1);
    double kept = now.signal() / before.signal() * before.noise();
    double beta = (now.noise() - kept) * (now.noise() + kept);
    return eta * before.noise() / now.noise() * Math.sqrt(beta);
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    double sigma = sigma(s);
    NoiseLevel before = level(s - 1);
    double direction = Math.sqrt(Math.max(0, before.noise() * before.noise() - sigma * sigma));
    Tensor xPrev = looks.x0Hat(0).times(before.signal()).plus(looks.epsilonHat(0).times(direction));
    return sigma == 0 ? xPrev : xPrev.plus(noise.z(s, xPrev.shape()).times(sigma));
  }
}
