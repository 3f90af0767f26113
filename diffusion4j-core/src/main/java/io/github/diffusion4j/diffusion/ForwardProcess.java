package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The forward process q, which turns an image into noise in T small steps.
 *
 * <p>Images are [N, C, H, W] in [−1, 1]; times are given one per image, each in 1…T. Results are
 * new tensors that belong to the caller's scope.
 */
public final class ForwardProcess {
  private final NoiseSchedule schedule;

  /** The process with the variances of {@code schedule}. */
  public ForwardProcess(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /** Returns the schedule. */
  public NoiseSchedule schedule() {
    return schedule;
  }

  /**
   * Draws from q(xₜ | x₍t−1₎), one step, [DDPM Eq. 2].
   *
   * <pre>  xₜ = √(1 − βₜ) x₍t−1₎ + √βₜ ε </pre>
   *
   * @param epsilon standard normal noise of the same shape
   */
  public Tensor step(Tensor xPrev, int[] t, Tensor epsilon) {
    return blend(
        xPrev, t, s -> Math.sqrt(schedule.alpha(s)), epsilon, s -> Math.sqrt(schedule.beta(s)));
  }

  /**
   * Draws from q(xₜ | x₀), all t steps at once, [DDPM Eq. 4].
   *
   * <pre>  xₜ = √ᾱₜ x₀ + √(1 − ᾱₜ) ε </pre>
   *
   * @param epsilon standard normal noise of the same shape
   */
  public Tensor sample(Tensor x0, int[] t, Tensor epsilon) {
    return blend(x0, t, schedule::sqrtAlphaBar, epsilon, schedule::sqrtOneMinusAlphaBar);
  }

  /**
   * Estimates x₀ from a prediction of the noise in xₜ, [DDPM Eq. 15].
   *
   * <pre>  x̂₀ = (xₜ − √(1 − ᾱₜ) ε̂) / √ᾱₜ </pre>
   */
  public Tensor x0FromEpsilon(Tensor xt, int[] t, Tensor epsilonHat) {
    return blend(
        xt,
        t,
        s -> 1 / schedule.sqrtAlphaBar(s),
        epsilonHat,
        s -> -schedule.sqrtOneMinusAlphaBar(s) / schedule.sqrtAlphaBar(s));
  }

  /**
   * Estimates the noise in xₜ from an estimate of x₀; {@link #sample} solved for ε.
   *
   * <pre>  ε̂ = (xₜ − √ᾱₜ x̂₀) / √(1 − ᾱₜ) </pre>
   */
  public Tensor epsilonFromX0(Tensor xt, int[] t, Tensor x0Hat) {
    return blend(
        xt,
        t,
        s -> 1 / schedule.sqrtOneMinusAlphaBar(s),
        x0Hat,
        s -> -schedule.sqrtAlphaBar(s) / schedule.sqrtOneMinusAlphaBar(s));
  }

  /**
   * Returns the velocity of xₜ on the circle between image and noise ([PD sec. 4]).
   *
   * <pre>  v = √ᾱₜ ε − √(1 − ᾱₜ) x₀ </pre>
   */
  public Tensor velocity(Tensor x0, int[] t, Tensor epsilon) {
    return blend(epsilon, t, schedule::sqrtAlphaBar, x0, s -> -schedule.sqrtOneMinusAlphaBar(s));
  }

  /**
   * Estimates x₀ from a prediction of the velocity.
   *
   * <pre>  x̂₀ = √ᾱₜ xₜ − √(1 − ᾱₜ) v̂ </pre>
   */
  public Tensor x0FromVelocity(Tensor xt, int[] t, Tensor velocityHat) {
    return blend(
        xt, t, schedule::sqrtAlphaBar, velocityHat, s -> -schedule.sqrtOneMinusAlphaBar(s));
  }

  /** a(t) · x + b(t) · y, with the coefficients of each image's own time, computed in double. */
  private static Tensor blend(
      Tensor x, int[] t, IntToDoubleFunction a, Tensor y, IntToDoubleFunction b) {
    Tensor fromX = x.times(perImage(t, a, x));
    return fromX.plus(y.times(perImage(t, b, y)));
  }

  static Tensor perImage(int[] t, IntToDoubleFunction table, Tensor like) {
    long[] shape = like.shape();
    if (shape.length == 0 || shape[0] != t.length) {
      throw new IllegalArgumentException(
          "%d times given for a batch of shape %s".formatted(t.length, like));
    }
    double[] values = new double[t.length];
    for (int n = 0; n < t.length; n++) {
      values[n] = table.applyAsDouble(t[n]);
    }
    long[] broadcast = new long[shape.length];
    Arrays.fill(broadcast, 1);
    broadcast[0] = t.length;
    return Tensor.of(values, broadcast).to(like.type());
  }
}
