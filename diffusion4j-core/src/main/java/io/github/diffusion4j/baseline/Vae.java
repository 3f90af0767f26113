package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/**
 * A variational autoencoder (Kingma, Welling 2013) of images.
 *
 * <p>The prior is p(z) = N(0, I), the encoder says q(z | x) = N(μ(x), diag σ²(x)), the decoder p(x
 * | z), a {@link DiscretizedLogistic} with a scale for each pixel.
 */
public final class Vae extends Layer implements LatentVariableModel {
  private final VaeConfig config;
  private final Pyramid pyramid;
  private final VectorPosterior posterior;
  private final Decoder decoder;

  /** Makes a model with weights drawn from {@code seed}. */
  public Vae(VaeConfig config, Seed seed) {
    this.config = config;
    pyramid = child("encoder", new Pyramid(config));
    posterior = child("posterior", new VectorPosterior(config));
    decoder = child("decoder", new Decoder(config, 2 * config.channels()));
    initialize(seed);
  }

  @Override
  public VaeConfig config() {
    return config;
  }

  /** Returns q(z | x), [N, latent], for images [N, C, H, W] in [−1, 1]. */
  public DiagonalGaussian encode(Tensor x) {
    List<Tensor> features = pyramid.forward(x);
    return posterior.forward(features.get(features.size() - 1));
  }

  /** Returns p(x | z) for vectors [N, latent]. */
  public DiscretizedLogistic decode(Tensor z) {
    return DiscretizedLogistic.of(decoder.forward(z));
  }

  @Override
  public Elbo elbo(Tensor x, LatentNoise noise) {
    return Elbo.of(x, encode(x), this::decode, noise);
  }

  /** As the interface says; a pixel is the median of its law, without the noise of the law. */
  @Override
  public Tensor images(int count, LatentNoise noise) {
    return decode(noise.of(0, count, config.latent())).median();
  }
}
