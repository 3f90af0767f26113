package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * How much fresh noise EDM's samplers stir in before each step ([EDM]): the images go back up to σ̂
 * = (1 + γ) σ.
 *
 * <pre>  γ = min(amount / S, √2 − 1) where least ≤ σ ≤ most, else 0 </pre>
 *
 * @param amount S_churn, shared among the S steps; 0 is none
 * @param least S_tmin, the least σ at which noise is added
 * @param most S_tmax, the largest
 * @param deviation S_noise, the standard deviation of the noise; slightly above 1 makes up for
 *     detail that networks lose
 */
public record Churn(double amount, double least, double most, double deviation) {
  /** No fresh noise: the sampler is deterministic. */
  public static final Churn NONE = new Churn(0, 0, Double.POSITIVE_INFINITY, 1);

  /** Refuses negative amounts and empty ranges. */
  public Churn {
    if (!(amount >= 0 && least >= 0 && most >= least && deviation >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "amount is %s, least %s, most %s, deviation %s; allowed: 0 or more, and least ≤ most",
              amount,
              least,
              most,
              deviation));
    }
  }

  /** As much noise at every level. */
  public static Churn of(double amount) {
    return new Churn(amount, 0, Double.POSITIVE_INFINITY, 1);
  }

  /** Returns γ for a step from {@code sigma} out of {@code steps}. */
  public double gamma(double sigma, int steps) {
    boolean inside = sigma >= least && sigma <= most && sigma < Double.POSITIVE_INFINITY;
    return inside ? Math.min(amount / steps, Math.sqrt(2) - 1) : 0;
  }

  /** The level that step {@code s} of {@code grid} begins at. */
  NoiseLevel raised(NoiseGrid grid, int s) {
    NoiseLevel level = grid.level(s);
    double gamma = gamma(level.sigma(), grid.steps());
    return gamma == 0 ? level : grid.curve().atSigma((1 + gamma) * level.sigma());
  }

  /** The images {@code xt} of level s, with the noise that raises them to {@code to}. */
  Tensor raise(Tensor xt, NoiseGrid grid, int s, NoiseLevel to, NoiseSource noise) {
    NoiseLevel level = grid.level(s);
    if (to.equals(level)) {
      return xt;
    }
    double added = Math.sqrt(to.sigma() * to.sigma() - level.sigma() * level.sigma());
    Tensor z = noise.z(s, xt.shape());
    return xt.times(to.signal() / level.signal()).plus(z.times(to.signal() * added * deviation));
  }
}
