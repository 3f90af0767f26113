package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * DPM-Solver-2: the midpoint method in λ = −ln σ ([DPM-Solver]), second order.
 *
 * <pre>
 *  x̄ₘ = x̄ + (σₘ − σ) ε̂(x̄, σ),   σₘ = √(σ σ')
 *  x̄' = x̄ + (σ' − σ) ε̂(x̄ₘ, σₘ),  x̄ = x / signal </pre>
 *
 * <p>Unlike {@link DpmSingleStepSampler} it evaluates the denoiser between the levels of its grid,
 * as in the paper: twice a step, once in the last. diffusers has it as {@code KDPM2}.
 */
public final class DpmSolver2Sampler extends StagedChain {
  private final ReverseDynamics process;

  /** The deterministic sampler. */
  public DpmSolver2Sampler(NoiseGrid grid) {
    this(grid, ReverseDynamics.ODE);
  }

  private DpmSolver2Sampler(NoiseGrid grid, ReverseDynamics process) {
    super(grid);
    this.process = process;
  }

  /**
   * The sampler that steps down to less noise than wanted and adds the rest, as {@link
   * EulerSampler#ancestral} does.
   *
   * <pre>  σ_down = σ'² / σ,  σ_up² = σ'² − σ_down² </pre>
   */
  public static DpmSolver2Sampler ancestral(NoiseGrid grid) {
    return new DpmSolver2Sampler(grid, ReverseDynamics.SDE);
  }

  @Override
  int looks(int s) {
    return level(s).signal() > 0 && level(s - 1).noise() > 0 ? 2 : 1;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    NoiseLevel next = level(s - 1);
    double down =
        switch (process) {
          case ODE -> next.sigma();
          case SDE -> next.sigma() * next.sigma() / now.sigma();
        };
    Estimate here = denoiser.estimate(xt, now);
    Tensor mean;
    if (looks(s) == 1) {
      mean = here.x0Hat().plus(here.epsilonHat().times(down));
    } else {
      NoiseLevel middle = grid().curve().atSigma(Math.sqrt(now.sigma() * down));
      Tensor slope = denoiser.estimate(here.at(middle), middle).epsilonHat();
      mean = xt.dividedBy(now.signal()).plus(slope.times(down - now.sigma()));
    }
    double up = Math.sqrt(Math.max(0, next.sigma() * next.sigma() - down * down));
    Tensor drawn = up == 0 ? mean : mean.plus(noise.z(s, mean.shape()).times(up));
    return drawn.times(next.signal());
  }
}
