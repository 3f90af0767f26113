package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.UnaryOperator;

/**
 * A denoiser whose estimate of x₀ is held where images can be; the noise is derived anew, so that
 * both still add up to xₜ.
 */
public final class BoundedDenoiser implements Denoiser {
  private final Denoiser unbounded;
  private final UnaryOperator<Tensor> bound;
  private final Noise noise;

  private enum Noise {
    DERIVED,
    KEPT
  }

  private BoundedDenoiser(Denoiser unbounded, UnaryOperator<Tensor> bound, Noise noise) {
    this.unbounded = unbounded;
    this.bound = bound;
    this.noise = noise;
  }

  /** Clips x̂₀ to [−{@code range}, {@code range}]; Ho's code does so with 1. */
  public static BoundedDenoiser clipping(Denoiser denoiser, double range) {
    return new BoundedDenoiser(denoiser, x0Hat -> x0Hat.clamp(-range, range), Noise.DERIVED);
  }

  /** Holds x̂₀ by dynamic thresholding. */
  public static BoundedDenoiser thresholding(Denoiser denoiser, DynamicThreshold threshold) {
    return new BoundedDenoiser(denoiser, threshold::apply, Noise.DERIVED);
  }

  /**
   * The same with the ε̂ of the free denoiser, which then does not add up with x̂₀ to xₜ;
   * diffusers' DDIM does so.
   */
  public BoundedDenoiser keepingNoise() {
    return new BoundedDenoiser(unbounded, bound, Noise.KEPT);
  }

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    Estimate free = unbounded.estimate(xt, level);
    Tensor x0Hat = bound.apply(free.x0Hat());
    if (noise == Noise.KEPT || level.noise() == 0) { // without noise any ε̂ adds up
      return new Estimate(x0Hat, free.epsilonHat(), free.variance());
    }
    BatchLevels levels = BatchLevels.same(level, xt);
    return new Estimate(x0Hat, Prediction.X0.epsilonHat(xt, x0Hat, levels), free.variance());
  }
}
