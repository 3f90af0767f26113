package io.github.diffusion4j.baseline;

import static io.github.diffusion4j.config.FamilyConfig.GROUP;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.GroupNorm;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/**
 * A latent image at one resolution, drawn in view of the levels above.
 *
 * <p>The encoder says how its law differs from the prior, not what it is (Vahdat, Kautz 2020): with
 * differences of 0, where training begins, the level is the prior and costs nothing.
 *
 * <pre>
 *  p(z | above)    = N(μ, σ²)
 *  q(z | above, x) = N(μ + Δμ, (σ · Δσ)²) </pre>
 */
final class LatentLevel extends Layer {
  private final int latentChannels;
  private final GroupNorm norm;
  private final Conv2d foresight;
  private final Conv2d prior;
  private final GroupNorm seenNorm;
  private final Conv2d look;
  private final Conv2d difference;
  private final Conv2d entry;
  private final Block block;

  /** A level with {@code channels} features and a latent image of {@code latentChannels}. */
  LatentLevel(int channels, int latentChannels) {
    this.latentChannels = latentChannels;
    norm = child("norm", new GroupNorm(channels, GROUP, Block.STABILIZER));
    foresight = child("foresight", Conv2d.same(channels, channels, Start.TORCH));
    prior = child("prior", Conv2d.same(channels, 2 * latentChannels, Start.ZERO));
    seenNorm = child("seen_norm", new GroupNorm(channels, GROUP, Block.STABILIZER));
    look = child("look", Conv2d.same(2 * channels, channels, Start.TORCH));
    difference = child("difference", Conv2d.same(channels, 2 * latentChannels, Start.ZERO));
    entry = child("entry", Conv2d.same(latentChannels, channels, Start.TORCH));
    block = child("block", new Block(channels));
  }

  /** What a level says before its latent image is drawn. */
  record Laws(DiagonalGaussian prior, DiagonalGaussian posterior) {}

  /** Returns p(z | above), [N, latentChannels, H, W], for features h of the levels above. */
  DiagonalGaussian prior(Tensor h) {
    Tensor foreseen = foresight.forward(Functions.silu(norm.forward(h)));
    return gaussian(prior.forward(Functions.silu(foreseen)));
  }

  /** Returns both laws; {@code seen} are the encoder's features, of the shape of {@code h}. */
  Laws laws(Tensor h, Tensor seen) {
    DiagonalGaussian p = prior(h);
    Tensor both = Tensor.cat(List.of(norm.forward(h), seenNorm.forward(seen)), 1);
    Tensor looked = look.forward(Functions.silu(both));
    DiagonalGaussian delta = gaussian(difference.forward(Functions.silu(looked)));
    return new Laws(
        p,
        new DiagonalGaussian(
            p.mean().plus(delta.mean()), p.logVariance().plus(delta.logVariance())));
  }

  private DiagonalGaussian gaussian(Tensor both) {
    return new DiagonalGaussian(
        both.narrow(1, 0, latentChannels),
        SoftLimit.of(both.narrow(1, latentChannels, latentChannels)));
  }

  /** Returns the features with the latent image z taken into them. */
  Tensor take(Tensor h, Tensor z) {
    return block.forward(h.plus(entry.forward(z)));
  }
}
