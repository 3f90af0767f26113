package io.github.diffusion4j.diffusion;

/**
 * A forward process in continuous time, as t goes from 0 to 1: the solution of a linear stochastic
 * differential equation ([ScoreSDE]).
 *
 * <pre>  dx = f(t) x dt + g(t) dw </pre>
 *
 * <p>Its moments follow two ordinary differential equations, d signal / dt = f · signal and d
 * noise² / dt = 2 f · noise² + g², from signal 1 and noise 0 on; {@link #at} is their solution in
 * closed form. The formulas hold beyond t = 1 too, where {@link #atSigma} may lead.
 */
public interface ContinuousProcess extends NoiseCurve {
  /** Returns f(t), the rate at which x grows; t is 0 or more. */
  double drift(double t);

  /** Returns g(t), the rate at which noise comes in; t is 0 or more. */
  double diffusion(double t);

  /** Returns the signal-to-noise ratio signal² / noise²; infinite at t = 0. */
  default double snr(double t) {
    return Math.exp(logSnr(t));
  }

  /** Returns the logarithm of {@link #snr}. */
  default double logSnr(double t) {
    return 2 * at(t).lambda();
  }

  /**
   * Returns the variance-preserving schedule with the signal-to-noise ratios of this process at the
   * times t / T: the process itself, in units in which data of variance 1 keep it.
   *
   * <pre>  ᾱₜ = SNR / (1 + SNR) </pre>
   */
  default NoiseSchedule discretized(int steps) {
    return CosineSchedule.fromAlphaBar(steps, u -> SigmoidSchedule.sigmoid(logSnr(u)), 1);
  }
}
