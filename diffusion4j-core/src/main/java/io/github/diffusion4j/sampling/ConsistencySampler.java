package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * Multistep consistency sampling, [CM Alg. 1]: each step goes to a clean image at once, and adds
 * noise again.
 *
 * <pre>  x̄' = f(x̄, σ) + √(σ'² − σ_min²) z,  and f(x̄, σ) in the last step;  x̄ = x / signal
 * </pre>
 *
 * <p>f is the denoiser's x̂₀. With one step it is the sampler of consistency models that need only
 * one evaluation. With the denoiser of a network that was not distilled the images are blurred, as
 * x̂₀ is the mean of many.
 */
public final class ConsistencySampler extends ReverseChain {
  private final double sigmaMin;
  private final double noiseDeviation;

  /**
   * The sampler that takes the steps of {@code grid}.
   *
   * @param sigmaMin σ of an image that counts as clean; ε in the paper
   * @param noiseDeviation S_noise, the standard deviation of z; 1 in the paper
   */
  public ConsistencySampler(NoiseGrid grid, double sigmaMin, double noiseDeviation) {
    super(grid);
    if (!(sigmaMin >= 0 && noiseDeviation >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sigmaMin is %s, noiseDeviation %s; allowed: 0 or more",
              sigmaMin,
              noiseDeviation));
    }
    this.sigmaMin = sigmaMin;
    this.noiseDeviation = noiseDeviation;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    NoiseLevel next = level(s - 1);
    if (s == 1) {
      return looks.x0Hat(0).times(next.signal());
    }
    double added = Math.sqrt(Math.max(0, next.sigma() * next.sigma() - sigmaMin * sigmaMin));
    Tensor z = noise.z(s, looks.xt().shape());
    return looks.x0Hat(0).plus(z.times(added * noiseDeviation)).times(next.signal());
  }
}
