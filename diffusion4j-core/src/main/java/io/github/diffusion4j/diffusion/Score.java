package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;

/**
 * The score ∇ ln q(xₜ): the direction in which noisy images become more likely.
 *
 * <p>It is the best estimate of the noise in other units. Tensors are [N, …]; results belong to the
 * caller's scope.
 */
public final class Score {
  private Score() {}

  /** Returns the score that goes with an estimate of the noise, −ε̂ / noise. */
  public static Tensor fromEpsilon(Tensor epsilonHat, NoiseLevel level) {
    return epsilonHat.dividedBy(-noise(level));
  }

  /** Returns the estimate of the noise that goes with a score, −noise · s. */
  public static Tensor toEpsilon(Tensor score, NoiseLevel level) {
    return score.times(-level.noise());
  }

  /**
   * Returns E[x₀ | xₜ], the mean of all clean images that xₜ may come from: Tweedie's formula.
   *
   * <pre>  E[x₀ | xₜ] = (xₜ + noise² s) / signal </pre>
   */
  public static Tensor posteriorMean(Tensor xt, Tensor score, NoiseLevel level) {
    if (level.signal() == 0) {
      throw new IllegalArgumentException("signal is 0; Tweedie's formula needs some image in xₜ");
    }
    double variance = level.noise() * level.noise();
    return xt.plus(score.times(variance)).dividedBy(level.signal());
  }

  private static double noise(NoiseLevel level) {
    if (level.noise() == 0) {
      throw new IllegalArgumentException("noise is 0; the score of clean images is not known");
    }
    return level.noise();
  }
}
