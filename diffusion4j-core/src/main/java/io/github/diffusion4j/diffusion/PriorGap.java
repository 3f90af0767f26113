package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the end of the forward process is from the noise that sampling begins with: the
 * Kullback-Leibler divergence of q(x_T | x₀) from N(0, I), which is L_T of the bound.
 *
 * <p>Both are Gaussians, so the divergence is exact. It is linear in x₀², so its mean over data
 * needs only their second moment E[x₀²].
 *
 * @param end the level of x_T
 */
public record PriorGap(NoiseLevel end) {
  /** Bits per dimension from which on the end of a process deserves a warning. */
  private static final double WARNING_BITS = 1e-3;

  /** Refuses levels without noise, where the divergence is infinite. */
  public PriorGap {
    if (!(end.noise() > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "noise at the end is %s; allowed: a number above 0", end.noise()));
    }
  }

  /** Returns the gap at the last step of {@code schedule}. */
  public static PriorGap of(NoiseSchedule schedule) {
    return new PriorGap(schedule.level(schedule.steps()));
  }

  /**
   * Returns the mean divergence of one dimension, in nats.
   *
   * <pre>  D = ½ (signal² E[x₀²] + noise² − 1 − ln noise²) </pre>
   *
   * @param secondMoment E[x₀²] of the data; 1 bounds data in [−1, 1]
   */
  public double natsPerDimension(double secondMoment) {
    double signal = end.signal();
    return 0.5 * (signal * signal * secondMoment + excess());
  }

  /** Returns the mean divergence of one dimension, in bits. */
  public double bitsPerDimension(double secondMoment) {
    return natsPerDimension(secondMoment) / Math.log(2);
  }

  /** Returns the most that data in [−1, 1] can have, in bits per dimension. */
  public double largestBitsPerDimension() {
    return bitsPerDimension(1);
  }

  /**
   * Returns the divergence for each image, in bits per dimension.
   *
   * @param x0 clean images, [N, C, H, W], in [−1, 1]
   * @return one number for each of the N images, owned by the caller's scope
   */
  public Tensor bitsPerDimension(Tensor x0) {
    double signal = end.signal();
    Tensor secondMoment = x0.times(x0).reshape(x0.shape()[0], -1).mean(1);
    return secondMoment.times(signal * signal).plus(excess()).times(0.5 / Math.log(2));
  }

  /** noise² − 1 − ln noise², which is 0 for the right variance and above 0 for any other. */
  private double excess() {
    double tooMuch = end.noise() * end.noise() - 1;
    return Math.max(0, tooMuch - Math.log1p(tooMuch));
  }

  /** Returns what is left of an image's amplitude at the end, √ᾱ_T. */
  public double remainingSignal() {
    return end.signal();
  }

  /**
   * Returns a sentence that says how far the end is from N(0, I), if that is far enough to matter:
   * more than 0.001 bits per dimension for data in [−1, 1].
   */
  public Optional<String> warning() {
    if (largestBitsPerDimension() <= WARNING_BITS) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the last step leaves %.3g %% of an image's amplitude (signal² = %.3g): x_T is up to"
                + " %.2g bits per dimension away from N(0, I), where sampling begins",
            100 * end.signal(),
            end.signal() * end.signal(),
            largestBitsPerDimension()));
  }
}
