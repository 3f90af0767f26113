package io.github.diffusion4j.baseline;

import static io.github.diffusion4j.config.FamilyConfig.GROUP;

import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.GroupNorm;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Linear;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A hierarchical variational autoencoder (Sønderby et al. 2016, Vahdat, Kautz 2020, Child 2021).
 *
 * <pre>
 *  p(x, z) = p(x | z₀ … z_L) p(z₀) Π p(z_l | z_&lt;l)
 *  q(z | x) = q(z₀ | x) Π q(z_l | z_&lt;l, x) </pre>
 *
 * <p>z₀ is a vector, the others are images, lowest resolution first. Encoder and prior share the
 * way down: both see the features that the levels above have made.
 */
public final class Hvae extends Layer implements LatentVariableModel {
  private final HvaeConfig config;
  private final Pyramid pyramid;
  private final VectorPosterior posterior;
  private final Linear entry;
  private final List<Place> levels = new ArrayList<>();
  private final GroupNorm norm;
  private final Conv2d exit;

  /** A level, the number of its resolution, and what leads to it from the one below. */
  private record Place(LatentLevel level, int resolution, Optional<Conv2d> doubling) {}

  /** Makes a model with weights drawn from {@code seed}. */
  public Hvae(HvaeConfig config, Seed seed) {
    this.config = config;
    List<Integer> widths = config.widths();
    int last = widths.size() - 1;
    pyramid = child("encoder", new Pyramid(config));
    posterior = child("posterior", new VectorPosterior(config));
    entry =
        child(
            "linear_in",
            new Linear(
                config.latent(),
                widths.get(last) * config.smallest() * config.smallest(),
                Start.TORCH));
    for (int i = last; i >= 0; i--) {
      Optional<Conv2d> doubling =
          i == last
              ? Optional.empty()
              : Optional.of(
                  child(
                      "doublings." + i,
                      Conv2d.same(widths.get(i + 1), widths.get(i), Start.TORCH)));
      for (int number = 0; number < config.latentImages().get(i); number++) {
        String name = String.format(Locale.ROOT, "levels.%d.%d", i, number);
        LatentLevel level = child(name, new LatentLevel(widths.get(i), config.latentChannels()));
        levels.add(new Place(level, i, number == 0 ? doubling : Optional.empty()));
      }
    }
    norm = child("norm_out", new GroupNorm(widths.get(0), GROUP, Block.STABILIZER));
    exit = child("conv_out", Conv2d.same(widths.get(0), 2 * config.channels(), Start.TORCH));
    initialize(seed);
  }

  @Override
  public HvaeConfig config() {
    return config;
  }

  @Override
  public Elbo elbo(Tensor x, LatentNoise noise) {
    List<Tensor> features = pyramid.forward(x);
    DiagonalGaussian top = posterior.forward(features.get(features.size() - 1));
    List<Tensor> divergences = new ArrayList<>();
    divergences.add(Elbo.perImage(Elbo.toStandard(top)));
    DiscretizedLogistic law =
        descend(
            top.draw(noise.of(0, top.mean().shape())),
            (level, h) -> {
              Place place = levels.get(level);
              LatentLevel.Laws laws = place.level().laws(h, features.get(place.resolution()));
              divergences.add(Elbo.perImage(laws.posterior().kl(laws.prior())));
              return laws.posterior().draw(noise.of(level + 1, laws.prior().mean().shape()));
            });
    return new Elbo(Elbo.perImage(law.logProbability(x)), divergences);
  }

  /** As the interface says; a pixel is the median of its law, without the noise of the law. */
  @Override
  public Tensor images(int count, LatentNoise noise) {
    return descend(
            noise.of(0, count, config.latent()),
            (level, h) -> {
              DiagonalGaussian prior = levels.get(level).level().prior(h);
              return prior.draw(noise.of(level + 1, prior.mean().shape()));
            })
        .median();
  }

  /** Draws the latent image of a level, given the features of those above. */
  @FunctionalInterface
  private interface Draw {
    Tensor of(int level, Tensor h);
  }

  /** The way down, from the vector to the law of the pixels. */
  private DiscretizedLogistic descend(Tensor vector, Draw draw) {
    int smallest = config.smallest();
    Tensor h = entry.forward(vector).reshape(vector.size(0), -1, smallest, smallest);
    for (int i = 0; i < levels.size(); i++) {
      Tensor carried = h;
      Tensor above =
          levels.get(i).doubling().map(conv -> conv.forwardDoubled(carried)).orElse(carried);
      h = levels.get(i).level().take(above, draw.of(i, above));
    }
    return DiscretizedLogistic.of(exit.forward(Functions.silu(norm.forward(h))));
  }
}
