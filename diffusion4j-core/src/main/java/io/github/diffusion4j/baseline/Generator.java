package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/** The generator of a generative adversarial network (Goodfellow et al. 2014). */
public final class Generator extends Layer implements Baseline {
  private final GanConfig config;
  private final Decoder decoder;

  /** Makes a generator with weights drawn from {@code seed}. */
  public Generator(GanConfig config, Seed seed) {
    this.config = config;
    decoder = child("decoder", new Decoder(config, config.channels()));
    initialize(seed);
  }

  @Override
  public GanConfig config() {
    return config;
  }

  @Override
  public Tensor images(int count, LatentNoise noise) {
    return Functions.tanh(decoder.forward(noise.of(0, count, config.latent())));
  }
}
