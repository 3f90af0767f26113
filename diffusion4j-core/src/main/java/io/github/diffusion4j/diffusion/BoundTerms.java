package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * The terms whose sum bounds the negative log-likelihood of an image from above, [DDPM Eq. 5].
 *
 * <pre>
 *  L_T    = KL(q(x_T | x₀) ‖ N(0, I))
 *  L₍t−1₎ = KL(q(x₍t−1₎ | xₜ, x₀) ‖ p_θ(x₍t−1₎ | xₜ)),  t = 2…T
 *  L₀     = −ln p_θ(x₀ | x₁) </pre>
 *
 * <p>All are in bits per dimension, one number for each image. Summed over t = 1…T, each with an xₜ
 * of its own, and with L_T they are the bound.
 */
public final class BoundTerms {
  private final Posterior posterior;
  private final PriorGap gap;
  private final DiscretizedDecoder decoder;

  /** The terms for a process with the variances of {@code schedule}. */
  public BoundTerms(NoiseSchedule schedule, DiscretizedDecoder decoder) {
    this.posterior = new Posterior(schedule);
    this.gap = PriorGap.of(schedule);
    this.decoder = decoder;
  }

  /** Returns L_T, which no network changes, [N]. */
  public Tensor prior(Tensor x0) {
    return gap.bitsPerDimension(x0);
  }

  /**
   * Returns L₍t−1₎ of each image, which is L₀ where t is 1.
   *
   * @param x0 clean images, [N, …], in [−1, 1]
   * @param xt the same images at the times {@code t}
   * @param step what the reverse process says about x₍t−1₎
   * @param t one time for each image, in 1…T
   * @return [N]
   */
  public Tensor term(Tensor x0, Tensor xt, DiagonalGaussian step, int... t) {
    Tensor divergence = perImage(posterior.at(x0, xt, t).kl(step));
    boolean anyFirst = false;
    double[] times = new double[t.length];
    for (int n = 0; n < t.length; n++) {
      times[n] = t[n];
      anyFirst |= t[n] == 1;
    }
    if (!anyFirst) {
      return divergence;
    }
    Tensor decoded = perImage(decoder.logLikelihood(x0, step).negated());
    return Functions.whereBelow(Tensor.of(times, t.length), 1.5, decoded, divergence);
  }

  /** Nats of each pixel to bits per dimension of each image. */
  private static Tensor perImage(Tensor nats) {
    return nats.reshape(nats.size(0), -1).mean(1).dividedBy(Math.log(2));
  }
}
