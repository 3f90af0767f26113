package io.github.diffusion4j.diffusion;

/**
 * The process with the signal of {@link VariancePreserving} and less noise at every time
 * ([ScoreSDE]), good for likelihoods.
 *
 * <pre>
 *  dx = −½ β(t) x dt + √(β(t) (1 − exp(−2 ∫β))) dw,  β(t) = betaMin + (betaMax − betaMin) t
 *  signal² = exp(−∫β),  noise = 1 − exp(−∫β)
 * </pre>
 *
 * @param betaMin β at t = 0, above 0
 * @param betaMax β at t = 1, betaMin or more
 */
public record SubVariancePreserving(double betaMin, double betaMax) implements ContinuousProcess {
  /** Refuses rates that are not above 0, or fall. */
  public SubVariancePreserving {
    new LinearRate(betaMin, betaMax);
  }

  /** Returns the usual choice, 0.1 and 20. */
  public static SubVariancePreserving ddpm() {
    return new SubVariancePreserving(0.1, 20);
  }

  @Override
  public NoiseLevel at(double t) {
    double integral = rate().integral(t);
    return new NoiseLevel(t, Math.exp(-integral / 2), -Math.expm1(-integral));
  }

  @Override
  public NoiseLevel atSigma(double sigma) {
    // σ = (1 − e⁻ᴮ) / e^(−B/2) = 2 sinh(B / 2), B = ∫β; asinh by its logarithm, as Java has none.
    double half = LinearRate.checkedSigma(sigma) / 2;
    double asinh = Math.log1p(half + half * half / (1 + Math.hypot(1, half)));
    double signal = Math.exp(-asinh);
    return new NoiseLevel(rate().timeOf(2 * asinh), signal, sigma * signal);
  }

  @Override
  public double drift(double t) {
    return -rate().at(t) / 2;
  }

  @Override
  public double diffusion(double t) {
    return Math.sqrt(rate().at(t) * -Math.expm1(-2 * rate().integral(t)));
  }

  private LinearRate rate() {
    return new LinearRate(betaMin, betaMax);
  }
}
