package io.github.diffusion4j.diffusion;

/**
 * DDPM in continuous time: data of variance 1 keep it, [ScoreSDE Eq. 32].
 *
 * <pre>
 *  dx = −½ β(t) x dt + √β(t) dw,  β(t) = betaMin + (betaMax − betaMin) t
 *  signal² = exp(−∫β),  noise² = 1 − exp(−∫β)
 * </pre>
 *
 * <p>{@link LinearSchedule#rescaled} is this process to first order in 1 / T; {@link #discretized}
 * is it exactly.
 *
 * @param betaMin β at t = 0, above 0
 * @param betaMax β at t = 1, betaMin or more
 */
public record VariancePreserving(double betaMin, double betaMax) implements ContinuousProcess {
  /** Refuses rates that are not above 0, or fall. */
  public VariancePreserving {
    new LinearRate(betaMin, betaMax);
  }

  /** Returns the usual choice: 1000 times the betas of DDPM, 0.1 and 20. */
  public static VariancePreserving ddpm() {
    return new VariancePreserving(0.1, 20);
  }

  @Override
  public NoiseLevel at(double t) {
    double integral = rate().integral(t);
    return new NoiseLevel(t, Math.exp(-integral / 2), Math.sqrt(-Math.expm1(-integral)));
  }

  @Override
  public NoiseLevel atSigma(double sigma) {
    LinearRate.checkedSigma(sigma);
    double signal = 1 / Math.hypot(1, sigma);
    // 2 ln hypot(1, σ) would overflow nowhere but lose the small σ that log1p keeps.
    double integral = sigma < 1 ? Math.log1p(sigma * sigma) : -2 * Math.log(signal);
    return new NoiseLevel(rate().timeOf(integral), signal, sigma * signal);
  }

  @Override
  public double drift(double t) {
    return -rate().at(t) / 2;
  }

  @Override
  public double diffusion(double t) {
    return Math.sqrt(rate().at(t));
  }

  private LinearRate rate() {
    return new LinearRate(betaMin, betaMax);
  }
}
