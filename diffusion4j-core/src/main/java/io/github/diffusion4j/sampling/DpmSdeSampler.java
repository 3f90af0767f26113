package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * DPM-Solver++ of order 2 along the reverse SDE, with an evaluation in the middle of each step:
 * k-diffusion's {@code sample_dpmpp_sde}, diffusers' {@code DPMSolverSDE} ([DPM-Solver++]).
 *
 * <pre>
 *  x̄ₘ = x̂₀(x̄, σ) + (σ_down / σ) (x̄ − x̂₀(x̄, σ)) + σ_up zₘ       from σ to σₘ = √(σ σ')
 *  x̄' = x̂₀(x̄ₘ, σₘ) + (σ'_down / σ) (x̄ − x̂₀(x̄ₘ, σₘ)) + σ'_up z'  from σ to σ'
 *  σ_down = σₘ² / σ,  σ_up² = σₘ² − σ_down²,  and alike for σ';  x̄ = x / signal </pre>
 *
 * <p>Both draws are normalized increments of one Brownian motion in σ: over the first part of the
 * step, and over all of it. So they are not independent; their covariance is √((σ − σₘ) / (σ −
 * σ')).
 */
public final class DpmSdeSampler extends StagedChain {

  /** The sampler that takes the steps of {@code grid}. */
  public DpmSdeSampler(NoiseGrid grid) {
    super(grid);
  }

  @Override
  int looks(int s) {
    return level(s).signal() > 0 && level(s - 1).noise() > 0 ? 2 : 1;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    NoiseLevel next = level(s - 1);
    Estimate here = denoiser.estimate(xt, now);
    Tensor atStart = here.x0Hat();
    if (next.noise() == 0) {
      return here.at(next);
    }
    Tensor first = noise.z(2 * s, xt.shape());
    if (now.signal() == 0) { // σ is infinite: nothing of x remains
      return atStart.times(next.signal()).plus(first.times(next.noise()));
    }
    Tensor scaled = xt.dividedBy(now.signal());
    NoiseLevel middle = grid().curve().atSigma(Math.sqrt(now.sigma() * next.sigma()));
    Tensor between = step(scaled, atStart, now, middle, first);
    double shared = (now.sigma() - middle.sigma()) / (now.sigma() - next.sigma());
    Tensor whole =
        first
            .times(Math.sqrt(shared))
            .plus(noise.z(2 * s - 1, xt.shape()).times(Math.sqrt(1 - shared)));
    return step(scaled, denoiser.estimate(between, middle).x0Hat(), now, next, whole);
  }

  /** From {@code scaled}, which is x / signal at {@code from}, with x̂₀ held fixed. */
  private static Tensor step(
      Tensor scaled, Tensor x0Hat, NoiseLevel from, NoiseLevel to, Tensor z) {
    double down = to.sigma() * to.sigma() / from.sigma();
    double up = Math.sqrt(to.sigma() * to.sigma() - down * down);
    return x0Hat
        .plus(scaled.minus(x0Hat).times(down / from.sigma()))
        .plus(z.times(up))
        .times(to.signal());
  }
}
