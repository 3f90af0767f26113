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
 * <p>DDIM's paper writes α for what is ᾱ here. With η = 0 the result is a function of x_T alone;
 * with η = 1 it has the law of {@link DdpmSampler} with {@code BETA_TILDE}.
 */
public final class DdimSampler extends ReverseChain {
  private final NoiseSchedule shortened;
  private final double eta;

  /**
   * The sampler that takes the steps of {@code tau}.
   *
   * @param eta how much fresh noise: 0 none, 1 as much as ancestral sampling
   * @throws IllegalArgumentException if {@code eta} is not in [0, 1]
   */
  public DdimSampler(NoiseSchedule schedule, SubSequence tau, double eta) {
    super(NoiseGrid.of(schedule, tau));
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta is " + eta + "; allowed: 0 ≤ eta ≤ 1");
    }
    this.shortened = schedule.shortenedTo(tau);
    this.eta = eta;
  }

  /** Returns the standard deviation of the fresh noise, η √β̃ₛ, [DDIM Eq. 16]. */
  public double sigma(int s) {
    return eta * Math.sqrt(shortened.betaTilde(s));
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
