package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;

/**
 * Strategic stochastic sampling with a trajectory consistency model ([TCD]): each step goes down
 * the trajectory, farther than to the next time, and back up by fresh noise.
 *
 * <pre>
 *  x at r = signalᵣ x̂₀ + noiseᵣ ε̂,  r = ⌊(1 − γ) t'⌋
 *  x' = √(ᾱ' / ᾱᵣ) xᵣ + √(1 − ᾱ' / ᾱᵣ) z </pre>
 *
 * <p>Times are those that the network is told, from 0 on. With γ = 0 it is DDIM, with γ = 1 each
 * step goes to the first level of the process and back, as in {@link ConsistencySampler}. The last
 * step ends at that level, without noise.
 */
public final class TcdSampler extends ReverseChain {
  private static final double ROUNDING = 1e-6;

  private final NoiseSchedule schedule;
  private final double gamma;

  /**
   * The sampler that takes the steps of {@code times}.
   *
   * @param gamma γ, in [0, 1]; 0.3 is usual
   * @throws IllegalArgumentException if {@code gamma} is not in [0, 1]
   */
  public TcdSampler(NoiseSchedule schedule, SubSequence times, double gamma) {
    super(NoiseGrid.of(schedule, times).endingAt(schedule.level(1)));
    if (!(gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma is " + gamma + "; allowed: 0 ≤ gamma ≤ 1");
    }
    this.schedule = schedule;
    this.gamma = gamma;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    NoiseLevel next = level(s - 1);
    int r = (int) Math.floor((1 - gamma) * (next.t() - 1) + ROUNDING);
    NoiseLevel lower = schedule.level(r + 1);
    Tensor below = new Estimate(looks.x0Hat(0), looks.epsilonHat(0)).at(lower);
    double kept = next.signal() / lower.signal();
    return s == 1 || gamma == 0
        ? below
        : below
            .times(kept)
            .plus(noise.z(s, below.shape()).times(Math.sqrt(Math.max(0, 1 - kept * kept))));
  }
}
