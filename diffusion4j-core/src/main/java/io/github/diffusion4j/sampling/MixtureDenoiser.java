package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * The best possible denoiser of data whose law is a Gaussian mixture: no network, no error.
 *
 * @param data the law of x₀
 */
public record MixtureDenoiser(GaussianMixture data) implements Denoiser {
  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    Tensor epsilonHat = data.at(level).score(xt).times(-level.noise());
    return new Estimate(data.posteriorMean(xt, level), epsilonHat);
  }
}
