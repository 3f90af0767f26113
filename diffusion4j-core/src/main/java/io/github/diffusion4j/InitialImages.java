package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * Images to begin with in place of noise: they are noised as far as {@code strength} says, and
 * denoised from there (SDEdit).
 *
 * @param x0 images [N, C, H, W] in [−1, 1], or points [N, D]; they stay the caller's
 * @param strength the share of the steps that is taken, in (0, 1]: near 0 the images are kept, with
 *     1 little is left of them
 */
public record InitialImages(Tensor x0, double strength) {

  /** Refuses strengths outside (0, 1]. */
  public InitialImages {
    requireStrength(strength);
  }

  /**
   * Returns how many of {@code steps} are taken, ⌊S · strength⌋, as in diffusers' pipelines.
   *
   * @throws UserException if that is none
   */
  public static int stepsLeft(int steps, double strength) {
    requireStrength(strength);
    int left = Math.min((int) (steps * strength), steps);
    if (left < 1) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "strength is %s: no step of %d is left; allowed: %s to 1",
              strength,
              steps,
              1.0 / steps));
    }
    return left;
  }

  /** Refuses images of another number or shape. */
  void requireShape(long... wanted) {
    if (!Arrays.equals(x0.shape(), wanted)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the initial images are %s; allowed: %s",
              Arrays.toString(x0.shape()),
              Arrays.toString(wanted)));
    }
  }

  private static void requireStrength(double strength) {
    if (!(strength > 0 && strength <= 1)) {
      throw new UserException(
          String.format(Locale.ROOT, "strength is %s; allowed: above 0, up to 1", strength));
    }
  }
}
