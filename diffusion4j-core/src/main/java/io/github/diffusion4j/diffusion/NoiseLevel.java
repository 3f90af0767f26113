package io.github.diffusion4j.diffusion;

import java.util.Locale;

/**
 * How much image and how much noise there is in a noisy image, whatever process made it.
 *
 * <pre>  xₜ = signal · x₀ + noise · ε </pre>
 *
 * <p>Variance-preserving processes have signal² + noise² = 1; variance-exploding ones signal = 1.
 *
 * @param t the time at which the process is at this level, which is what a network is told; not
 *     always whole
 * @param signal √ᾱₜ, 0 or more
 * @param noise √(1 − ᾱₜ), 0 or more
 */
public record NoiseLevel(double t, double signal, double noise) {
  /** No noise at all: x₀ itself, at time 0. */
  public static final NoiseLevel CLEAN = new NoiseLevel(0, 1, 0);

  /** Refuses negative shares and a level that holds neither image nor noise. */
  public NoiseLevel {
    if (!(signal >= 0 && noise >= 0 && signal + noise > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "signal is %s and noise %s; allowed: 0 or more, and not both 0",
              signal,
              noise));
    }
  }

  /**
   * Returns EDM's σ = noise / signal, the noise in xₜ / signal; infinite where no image is left.
   */
  public double sigma() {
    return noise / signal;
  }

  /** Returns λ = ln(signal / noise), half the logarithm of the signal-to-noise ratio. */
  public double lambda() {
    return Math.log(signal) - Math.log(noise);
  }
}
