package io.github.diffusion4j.baseline;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * A law of images with 256 values per pixel, pixels independent of each other: the logistic
 * distribution, rounded.
 *
 * <p>A value has the mass that lies within 1/255 of it; the darkest and the brightest also get the
 * tails, so that the masses add up to 1. With a and b the ends of the interval, in units of the
 * scale, and σ the logistic function:
 *
 * <pre>  ln(σ(b) − σ(a)) = ln σ(b) + ln σ(−a) + ln(1 − e^(a − b)) </pre>
 *
 * <p>No term of the right side loses digits, however far the value is from the mean.
 *
 * @param mean center of each pixel, [N, C, H, W]; the median of its law
 * @param logScale ln of the scale, of the same shape
 */
public record DiscretizedLogistic(Tensor mean, Tensor logScale) implements Elbo.ImageLaw {
  /** Below it all mass is on one value, and a wrong one costs without end. */
  static final double SMALLEST_LOG_SCALE = -7;

  /** From here on all values but the ends have no mass worth the name. */
  private static final double LARGEST_LOG_SCALE = 7;

  private static final double HALF_BIN = 1.0 / 255;
  private static final double EDGE = 0.999;

  /** Splits what a network says: half of the channels are means, half are logarithms of scales. */
  static DiscretizedLogistic of(Tensor output) {
    long channels = output.size(1) / 2;
    Tensor logScale = output.narrow(1, channels, channels);
    return new DiscretizedLogistic(
        output.narrow(1, 0, channels), logScale.clamp(SMALLEST_LOG_SCALE, LARGEST_LOG_SCALE));
  }

  @Override
  public Tensor logProbability(Tensor x) {
    Tensor precision = logScale.negated().exp();
    Tensor centered = x.minus(mean);
    Tensor logBelow = Functions.logSigmoid(centered.plus(HALF_BIN).times(precision));
    Tensor logAbove = Functions.logSigmoid(centered.minus(HALF_BIN).times(precision).negated());
    Tensor width = precision.times(2 * HALF_BIN);
    Tensor logWidth = Functions.expMinus1(width.negated()).negated().log();
    Tensor inside = logBelow.plus(logAbove).plus(logWidth);
    return Functions.whereBelow(
        x, -EDGE, logBelow, Functions.whereBelow(x, EDGE, inside, logAbove));
  }

  /** Returns the median of each pixel, in [−1, 1]. */
  Tensor median() {
    return mean.clamp(-1, 1);
  }
}
