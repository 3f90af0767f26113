package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * Euler's method in σ, with EDM's churn.
 *
 * <pre>  d (x / signal) / dσ = ε̂,  so  x' = signal' x̂₀ + noise' ε̂ </pre>
 *
 * <p>Without churn this is {@link DdimSampler} with η = 0: DDIM is Euler's method in the variables
 * x / signal and σ. And what is called Euler ancestral, a step of Euler down to less noise than
 * wanted and fresh noise for the rest, is DDIM with η = 1: {@link #ancestral}.
 */
public final class EulerSampler extends StagedChain {
  private final Churn churn;

  /** The deterministic sampler: first order on the probability-flow equation. */
  public EulerSampler(NoiseGrid grid) {
    this(grid, Churn.NONE);
  }

  /** The sampler that stirs in noise before each step. */
  public EulerSampler(NoiseGrid grid, Churn churn) {
    super(grid);
    this.churn = churn;
  }

  /**
   * Euler ancestral sampling.
   *
   * <pre>
   *  σ_up² = σ'² (σ² − σ'²) / σ²,  σ_down² = σ'² − σ_up²
   *  x' = signal' (x̂₀ + σ_down ε̂ + σ_up z) </pre>
   */
  public static Sampler ancestral(NoiseGrid grid) {
    return new DdimSampler(grid, 1);
  }

  @Override
  int looks(int s) {
    return 1;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel raised = churn.raised(grid(), s);
    Tensor x = churn.raise(xt, grid(), s, raised, noise);
    return denoiser.estimate(x, raised).at(level(s - 1));
  }
}
