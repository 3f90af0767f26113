package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Linear;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** From the features at the lowest resolution to q(z | x) of a latent vector. */
final class VectorPosterior extends Layer {
  private final int latent;
  private final Linear linear;

  VectorPosterior(FamilyConfig config) {
    int last = config.widths().get(config.widths().size() - 1);
    latent = config.latent();
    linear =
        child(
            "linear_out",
            new Linear(last * config.smallest() * config.smallest(), 2 * latent, Start.TORCH));
  }

  /** Returns the law of a vector [N, latent] for features [N, C, h, w]. */
  DiagonalGaussian forward(Tensor features) {
    Tensor both = linear.forward(Functions.silu(features).reshape(features.size(0), -1));
    return new DiagonalGaussian(
        both.narrow(1, 0, latent), SoftLimit.of(both.narrow(1, latent, latent)));
  }
}
