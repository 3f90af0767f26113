package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The reverse stochastic differential equation, [ScoreSDE Eq. 6], and everything between it and the
 * probability-flow equation.
 *
 * <p>Every process is dx = f x dt + g dw. In x̄ = x / signal the drift f is gone, and if time is
 * counted by the variance v = σ², g is 1. What is left, run backward, is for every r
 *
 * <pre>  dx̄ = −(1 + r²) / 2 · s̄ dv + r dw̄,  s̄ = −(x̄ − x̂₀) / v  the score of x̄ </pre>
 *
 * <p>With r = 1 it is the reverse equation, whose steps take out exactly the noise that the forward
 * process put in; with r = 0 it is the probability-flow equation. For every r the marginal laws are
 * the same. With x̂₀ held over a step the equation is linear and solved exactly:
 *
 * <pre>  x' = signal' x̂₀ + noise' (c ε̂ + √(1 − c²) z),  c = (σ' / σ)^(r²) </pre>
 *
 * <p>Differs: the method of Euler and Maruyama holds the score instead, and needs many more steps
 * where σ falls fast. With r = 1 this is DDIM with η = 1, with r = 0 it is DDIM.
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
          String.format(Locale.ROOT, "randomness is %s; allowed: 0 or more", randomness));
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
    double kept = Math.pow(next.sigma() / now.sigma(), r * r);
    Tensor mean =
        estimate
            .x0Hat()
            .times(next.signal())
            .plus(estimate.epsilonHat().times(next.noise() * kept));
    double fresh = next.noise() * Math.sqrt(1 - kept * kept);
    return fresh == 0 ? mean : mean.plus(z.get().times(fresh));
  }
}
