package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * The process that only adds noise, geometrically more and more ([ScoreSDE]); the limit of score
 * matching with Langevin dynamics.
 *
 * <pre>
 *  dx = s(t) √(2 ln(sigmaMax / sigmaMin)) dw,  s(t) = sigmaMin (sigmaMax / sigmaMin)ᵗ
 *  signal = 1,  noise² = s(t)² − s(0)²
 * </pre>
 *
 * <p>Differs from Song's code, which has noise s(t), as if noise of sigmaMin were in the data.
 *
 * @param sigmaMin s at t = 0, above 0
 * @param sigmaMax s at t = 1, above sigmaMin
 */
public record VarianceExploding(double sigmaMin, double sigmaMax) implements ContinuousProcess {
  /** Refuses noise that does not grow. */
  public VarianceExploding {
    if (!(sigmaMin > 0 && sigmaMax > sigmaMin && sigmaMax < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sigmaMin is %s and sigmaMax %s; allowed: 0 < sigmaMin < sigmaMax",
              sigmaMin,
              sigmaMax));
    }
  }

  @Override
  public NoiseLevel at(double t) {
    double grown = Math.expm1(2 * logRatio() * LinearRate.checked(t));
    return new NoiseLevel(t, 1, sigmaMin * Math.sqrt(grown));
  }

  @Override
  public NoiseLevel atSigma(double sigma) {
    double ratio = LinearRate.checkedSigma(sigma) / sigmaMin;
    return new NoiseLevel(Math.log1p(ratio * ratio) / (2 * logRatio()), 1, sigma);
  }

  @Override
  public double drift(double t) {
    return 0;
  }

  @Override
  public double diffusion(double t) {
    return sigmaMin * Math.exp(logRatio() * LinearRate.checked(t)) * Math.sqrt(2 * logRatio());
  }

  private double logRatio() {
    return Math.log(sigmaMax / sigmaMin);
  }
}
