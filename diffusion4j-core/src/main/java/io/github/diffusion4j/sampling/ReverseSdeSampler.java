package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.Supplier;

/**
 * The reverse stochastic differential equation, [ScoreSDE Eq. 6], by the method of Euler and
 * Maruyama; and everything between it and the probability-flow equation.
 *
 * <p>Every process is dx = f x dt + g dw. In x̄ = x / signal the drift f is gone, and if time is
 * counted by the variance v = σ², g is 1. What is left, run backward, is for every r
 *
 * <pre>  dx̄ = −(1 + r²) / 2 · s̄ dv + r dw̄,  s̄ = −ε̂ / σ  the score of x̄ </pre>
 *
 * <p>With r = 1 it is the reverse equation, whose steps take out exactly the noise that the forward
 * process put in; with r = 0 it is the probability-flow equation. For every r the marginal laws are
 * the same. The step to a clean image is the estimate of it.
 */
public final class ReverseSdeSampler extends ReverseChain {
  private final double randomness;

  /**
   * The sampler that goes down the levels of {@code grid}.
   *
   * @param randomness r, 0 or more
   */
  public ReverseSdeSampler(NoiseGrid grid, double randomness) {
    super(grid);
    if (!(randomness >= 0 && randomness < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "randomness is %s; allowed: 0 or more".formatted(randomness));
    }
    this.randomness = randomness;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    Estimate estimate = new Estimate(looks.x0Hat(0), looks.epsilonHat(0));
    return step(estimate, level(s), level(s - 1), randomness, () -> noise.z(s, looks.xt().shape()));
  }

  /** One step; {@code z} is asked for noise only if the step has any. */
  static Tensor step(
      Estimate estimate, NoiseLevel now, NoiseLevel next, double r, Supplier<Tensor> z) {
    if (next.noise() == 0 || now.signal() == 0) { // at pure noise ε̂ is as fresh as any z
      return estimate.at(next);
    }
    double variance = now.sigma() * now.sigma() - next.sigma() * next.sigma();
    double drift = now.sigma() - (1 + r * r) / 2 * variance / now.sigma();
    Tensor mean =
        estimate
            .x0Hat()
            .times(next.signal())
            .plus(estimate.epsilonHat().times(next.signal() * drift));
    return r == 0 ? mean : mean.plus(z.get().times(next.signal() * r * Math.sqrt(variance)));
  }
}
