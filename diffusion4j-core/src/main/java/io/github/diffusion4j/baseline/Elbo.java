package io.github.diffusion4j.baseline;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The evidence lower bound of images, in nats, and its parts.
 *
 * <pre>  ln p(x) ≥ E_q[ln p(x | z)] − Σ_l KL(q(z_l | z_&lt;l, x) ‖ p(z_l | z_&lt;l)) </pre>
 *
 * @param logLikelihood ln p(x | z) at the z that were drawn, [N]
 * @param divergences one for each level of latent variables, first drawn first, [N] each
 */
public record Elbo(Tensor logLikelihood, List<Tensor> divergences) {
  /** Copies the list. */
  public Elbo {
    divergences = List.copyOf(divergences);
  }

  /** A law of images, such as a decoder says it. */
  @FunctionalInterface
  public interface ImageLaw {
    /** Returns ln p of each pixel of x, of the shape of {@code x}. */
    Tensor logProbability(Tensor x);
  }

  /**
   * Bounds a model with one vector z, whose prior is the standard normal distribution.
   *
   * @param x images [N, …]
   * @param posterior q(z | x), [N, D]
   * @param decoder from z to p(x | z)
   */
  public static Elbo of(
      Tensor x,
      DiagonalGaussian posterior,
      Function<Tensor, ? extends ImageLaw> decoder,
      LatentNoise noise) {
    Tensor z = posterior.draw(noise.of(0, posterior.mean().shape()));
    return new Elbo(
        perImage(decoder.apply(z).logProbability(x)), List.of(perImage(toStandard(posterior))));
  }

  /** Returns KL(q ‖ N(0, 1)) of each number, in nats. */
  static Tensor toStandard(DiagonalGaussian q) {
    Tensor zero = Tensor.zeros(1).like(q.mean());
    return q.kl(new DiagonalGaussian(zero, zero));
  }

  /** Returns the sums over all dimensions but the first. */
  static Tensor perImage(Tensor values) {
    return values.sum(LongStream.range(1, values.shape().length).toArray());
  }

  /** Returns the bound of each image, [N]. */
  public Tensor nats() {
    return weighted(1);
  }

  /** Returns the bound with the divergences weighed; only with weight 1 is it a bound. */
  Tensor weighted(double weight) {
    Tensor sum = logLikelihood;
    for (Tensor divergence : divergences) {
      sum = sum.minus(divergence.times(weight));
    }
    return sum;
  }
}
