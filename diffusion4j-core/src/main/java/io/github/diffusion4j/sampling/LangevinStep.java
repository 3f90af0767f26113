package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Score;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * How large the steps of Langevin dynamics are.
 *
 * <pre>  x ← x + h s + √(2h) z,  s = ∇ ln q(x) </pre>
 *
 * <p>For h → 0 the law of x tends to q. With h above 0 it is a little too wide: for a Gaussian of
 * variance v, by the factor 1 / (1 − h / 2v).
 */
@FunctionalInterface
public interface LangevinStep {
  /** Returns h for each image, [N, 1, …]. */
  Tensor size(Tensor score, NoiseLevel level);

  /**
   * The rule of predictor–corrector samplers ([ScoreSDE]): what the score moves and what the noise
   * moves have the ratio {@code r}.
   *
   * <pre>  h = 2 (r √d / ‖s‖)²,  d = number of pixels </pre>
   *
   * <p>Differs from Song's code, which averages ‖s‖ over the batch and draws ‖z‖ in place of √d:
   * here an image does not depend on its neighbors. Meant for many pixels; with a few, ‖s‖ may come
   * near 0, and {@link #ofNoise} is the better rule.
   *
   * @param r 0.16 is usual
   */
  static LangevinStep signalToNoise(double r) {
    double checked = checked(r);
    return (score, level) -> {
      long images = score.size(0);
      double pixels = (double) score.numel() / images;
      long[] shape = score.shape();
      Arrays.fill(shape, 1, shape.length, 1);
      Tensor squared = score.square().reshape(images, -1).sum(1).reshape(shape);
      Tensor positive = squared.plus(Float.MIN_NORMAL);
      return Tensor.full(2 * checked * checked * pixels, shape).like(positive).dividedBy(positive);
    };
  }

  /**
   * The rule of annealed Langevin dynamics ([NCSN]): steps in proportion to the noise.
   *
   * <pre>  h = 2 (r · noise)² </pre>
   *
   * @param r √0.05 in the paper, whose ε / 2 is h at its last level
   */
  static LangevinStep ofNoise(double r) {
    double checked = checked(r);
    return (score, level) -> {
      long[] shape = score.shape();
      Arrays.fill(shape, 1, shape.length, 1);
      double root = checked * level.noise();
      return Tensor.full(2 * root * root, shape).like(score);
    };
  }

  /**
   * Returns the images after {@code count} updates at one level, in the caller's scope.
   *
   * @param draws the number before that of the first update's noise
   */
  default Tensor update(
      Tensor xt, NoiseLevel level, int count, Denoiser denoiser, NoiseSource noise, int draws) {
    Tensor x = xt;
    for (int k = 1; k <= count; k++) {
      Tensor updated;
      try (Scope scope = Scope.open()) {
        Tensor score = Score.fromEpsilon(denoiser.estimate(x, level).epsilonHat(), level);
        Tensor h = size(score, level);
        Tensor z = noise.z(draws + k, x.shape());
        updated = scope.keep(x.plus(score.times(h)).plus(z.times(h.times(2).sqrt())));
      }
      if (k > 1) { // the first images are the caller's
        x.close();
      }
      x = updated;
    }
    return x;
  }

  private static double checked(double r) {
    if (!(r > 0 && r < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "r is %s; allowed: above 0", r));
    }
    return r;
  }
}
