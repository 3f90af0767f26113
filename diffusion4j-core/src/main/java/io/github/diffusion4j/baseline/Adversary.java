package io.github.diffusion4j.baseline;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.UnaryOperator;

/**
 * The losses of a generative adversarial network. D(x) are logits, σ is the logistic function.
 *
 * <pre>
 *  discriminator  −E[ln σ(D(x))] − E[ln σ(−D(G(z)))]
 *  generator      −E[ln σ(D(G(z)))]
 *  R1             γ/2 · E[‖∇D(x)‖²] </pre>
 *
 * <p>The generator's is the non-saturating one (Goodfellow et al. 2014): its gradient does not
 * vanish while the discriminator is sure. R1 (Mescheder et al. 2018) holds the discriminator flat
 * at the data.
 */
final class Adversary {
  private Adversary() {}

  /** Returns what the discriminator minimizes, given its logits of real and made images. */
  static Tensor discriminatorLoss(Tensor real, Tensor made) {
    return Functions.logSigmoid(real)
        .mean()
        .plus(Functions.logSigmoid(made.negated()).mean())
        .negated();
  }

  /** Returns what the generator minimizes, given the logits of the images it made. */
  static Tensor generatorLoss(Tensor made) {
    return Functions.logSigmoid(made).mean().negated();
  }

  /**
   * Returns E[‖∇D(x)‖²], with what {@code backward()} needs.
   *
   * @param x images [N, …]; the answer about each must depend on it alone
   */
  static Tensor squaredSlope(UnaryOperator<Tensor> discriminator, Tensor x) {
    Tensor leaf = x.copy().trainable();
    Tensor slope = discriminator.apply(leaf).sum().recordedDerivativeBy(leaf);
    return slope.square().sum().dividedBy((double) x.size(0));
  }
}
