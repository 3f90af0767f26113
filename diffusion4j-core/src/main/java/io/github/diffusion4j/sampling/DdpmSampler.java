package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

/**
 * Ancestral sampling, [DDPM Alg. 2].
 *
 * <pre>
 *  1: x_T ~ N(0, I)
 *  2: for t = T, …, 1 do
 *  3:   z ~ N(0, I) if t &gt; 1, else z = 0
 *  4:   x₍t−1₎ = 1/√αₜ (xₜ − βₜ/√(1−ᾱₜ) ε_θ(xₜ, t)) + σₜ z
 *  5: end for
 *  6: return x₀ </pre>
 *
 * <p>Lines 1, 2, 5 and 6 are the loop of {@link ReverseChain}; {@link #step} is lines 3 and 4.
 *
 * <p>Differs: the mean of line 4 is computed from x̂₀ ({@link Posterior#mean}) instead of ε̂. Both
 * are equal as long as x̂₀ is not clipped; if it is, this is what Ho's code does. On a sub-sequence
 * of steps the betas are those of the shortened schedule, and a learned variance lies between its
 * β̃ and β.
 */
public final class DdpmSampler extends ReverseChain {
  private final ReverseProcess process;

  /** The sampler that takes all T steps, as in the paper. */
  public DdpmSampler(NoiseSchedule schedule, ReverseVariance variance) {
    this(schedule, SubSequence.all(schedule.steps()), variance);
  }

  /** The sampler that takes only the steps of {@code tau}. */
  public DdpmSampler(NoiseSchedule schedule, SubSequence tau, ReverseVariance variance) {
    super(NoiseGrid.of(schedule, tau));
    this.process = new ReverseProcess(schedule.shortenedTo(tau), variance.shortenedTo(tau));
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    int[] times = new int[(int) looks.xt().size(0)];
    Arrays.fill(times, s);
    DiagonalGaussian step = process.step(looks.xt(), looks.x0Hat(0), looks.variance(), times);
    return s == 1 ? step.mean() : step.draw(noise.z(s, step.mean().shape()));
  }
}
