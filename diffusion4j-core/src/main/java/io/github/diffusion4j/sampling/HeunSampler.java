package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * EDM's sampler: Heun's method in σ, second order, with or without churn, [EDM Alg. 2].
 *
 * <pre>
 *  x̂  = x + √(σ̂² − σ²) z            up to σ̂ = (1 + γ) σ, in the variable x / signal
 *  x' = x̂ + (σ' − σ̂) ε̂(x̂, σ̂)       Euler's step
 *  x' = x̂ + (σ' − σ̂) (ε̂(x̂, σ̂) + ε̂(x', σ')) / 2   unless σ' = 0 </pre>
 *
 * <p>Every step but the last looks twice. Coefficients are computed in double, whatever the type of
 * the images.
 */
public final class HeunSampler extends StagedChain {
  private final Churn churn;

  /** The deterministic sampler. */
  public HeunSampler(NoiseGrid grid) {
    this(grid, Churn.NONE);
  }

  /** The sampler that stirs in noise before each step. */
  public HeunSampler(NoiseGrid grid, Churn churn) {
    super(grid);
    this.churn = churn;
  }

  @Override
  int looks(int s) {
    return isCorrected(s) ? 2 : 1;
  }

  /** σ must be finite at the begin, and there must be noise to look at in the end. */
  private boolean isCorrected(int s) {
    return level(s).signal() > 0 && level(s - 1).noise() > 0;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel raised = churn.raised(grid(), s);
    NoiseLevel next = level(s - 1);
    Tensor x = churn.raise(xt, grid(), s, raised, noise);
    Estimate here = denoiser.estimate(x, raised);
    Tensor euler = here.at(next);
    if (!isCorrected(s)) {
      return euler;
    }
    Estimate there = denoiser.estimate(euler, next);
    double half = next.signal() * (next.sigma() - raised.sigma()) / 2;
    return euler.plus(there.epsilonHat().minus(here.epsilonHat()).times(half));
  }
}
