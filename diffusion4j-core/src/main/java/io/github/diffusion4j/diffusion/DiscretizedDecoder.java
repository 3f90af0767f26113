package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * The last step of the reverse process as a law of images with 256 values per pixel, [DDPM Eq. 13].
 *
 * <p>The value of a pixel has the mass that a Gaussian has within 1/255 of it; the darkest and the
 * brightest value also get the tails, so that the masses add up to 1.
 *
 * <pre>  p(x₀ | x₁) = Φ((x₀ + 1/255 − μ) / σ) − Φ((x₀ − 1/255 − μ) / σ) </pre>
 *
 * <p>The two kinds differ in Φ. Bits per dimension that papers report were measured with {@link
 * #TANH}; they differ from the right ones in the third decimal.
 */
public enum DiscretizedDecoder {
  /** The normal distribution itself, in double precision; finite wherever the pixel is. */
  EXACT {
    @Override
    DType precision(Tensor x0) {
      return DType.F64;
    }

    @Override
    Tensor logBelow(Tensor upper) {
      return Functions.logNormalCdf(upper);
    }

    // Both ends are mirrored into the lower tail, where Φ keeps all its digits.
    @Override
    Tensor logBetween(Tensor lower, Tensor upper) {
      Tensor middle = lower.plus(upper);
      Tensor far = Functions.whereBelow(middle, 0, lower, upper.negated());
      Tensor near = Functions.whereBelow(middle, 0, upper, lower.negated());
      Tensor logNear = Functions.logNormalCdf(near);
      Tensor gap = logNear.minus(Functions.logNormalCdf(far)).clamp(SMALLEST_GAP, Double.MAX_VALUE);
      return logNear.plus(Functions.expMinus1(gap.negated()).negated().log());
    }
  },
  /**
   * The approximation Φ(z) ≈ ½ (1 + tanh(√(2/π) (z + 0.044715 z³))) that the code of DDPM and those
   * who followed it use, with probabilities held at 1e-12 or above.
   */
  TANH {
    @Override
    DType precision(Tensor x0) {
      return x0.type();
    }

    @Override
    Tensor logBelow(Tensor upper) {
      return logFloored(cdf(upper));
    }

    @Override
    Tensor logBetween(Tensor lower, Tensor upper) {
      return logFloored(cdf(upper).minus(cdf(lower)));
    }

    private Tensor cdf(Tensor z) {
      Tensor cubic = z.square().times(z).times(0.044715).plus(z);
      return Functions.tanh(cubic.times(Math.sqrt(2 / Math.PI))).plus(1).times(0.5);
    }

    private Tensor logFloored(Tensor probability) {
      return probability.clamp(1e-12, 1).log();
    }
  };

  private static final double HALF_BIN = 1.0 / 255;
  private static final double EDGE = 0.999;
  private static final double SMALLEST_GAP = 1e-300;

  /**
   * Returns ln p(x₀ | x₁) of each pixel.
   *
   * @param x0 images whose pixels are 256 values from −1 to 1 at equal distances, [N, …]
   * @param step what the reverse process says about x₀
   * @return nats, of the shape and type of {@code x0}; at most 0, up to rounding
   */
  public Tensor logLikelihood(Tensor x0, DiagonalGaussian step) {
    DType type = precision(x0);
    Tensor x = x0.to(type);
    Tensor centered = x.minus(step.mean().to(type));
    Tensor scale = step.logVariance().to(type).times(-0.5).exp();
    Tensor upper = centered.plus(HALF_BIN).times(scale);
    Tensor lower = centered.minus(HALF_BIN).times(scale);
    Tensor inside = logBetween(lower, upper);
    Tensor brightest = logBelow(lower.negated()); // Φ is symmetric: 1 − Φ(z) = Φ(−z)
    Tensor result =
        Functions.whereBelow(
            x, -EDGE, logBelow(upper), Functions.whereBelow(x, EDGE, inside, brightest));
    return result.to(x0.type());
  }

  /** The type to compute in. */
  abstract DType precision(Tensor x0);

  /** ln Φ(upper). */
  abstract Tensor logBelow(Tensor upper);

  /** ln(Φ(upper) − Φ(lower)), where lower is below upper. */
  abstract Tensor logBetween(Tensor lower, Tensor upper);
}
