package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/**
 * Multistep sampling with a latent consistency model ([LCM]): each step goes to a clean image at
 * once, and adds noise again.
 *
 * <pre>
 *  f(x, t) = cₛₖᵢₚ x + cₒᵤₜ x̂₀,  cₛₖᵢₚ = s² / (u² + s²),  cₒᵤₜ = u / √(u² + s²),  u = scaling · t
 *  x' = signal' f(x, t) + noise' z,  and f(x, t) in the last step </pre>
 *
 * <p>t is the time that the network is told, from 0 on, and s = 1/2, so that f(x, 0) = x. For
 * networks that were distilled to give the same image from all of a trajectory; with others the
 * images are blurred, as x̂₀ is the mean of many.
 */
public final class LcmSampler extends ReverseChain {
  private static final double DATA_DEVIATION = 0.5;

  private final double timestepScaling;

  /**
   * The sampler that takes the steps of {@code grid}, of a schedule with times 1…T.
   *
   * @param timestepScaling how fast cₛₖᵢₚ falls with the time; 10 is usual
   */
  public LcmSampler(NoiseGrid grid, double timestepScaling) {
    super(grid);
    this.timestepScaling = timestepScaling;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    double u = timestepScaling * (looks.level(0).t() - 1);
    double root = Math.hypot(u, DATA_DEVIATION);
    double skip = DATA_DEVIATION * DATA_DEVIATION / (root * root);
    Tensor clean = looks.x0Hat(0).times(u / root).plus(looks.xt().times(skip));
    return s == 1
        ? clean
        : clean
            .times(level(s - 1).signal())
            .plus(noise.z(s, clean.shape()).times(level(s - 1).noise()));
  }
}
