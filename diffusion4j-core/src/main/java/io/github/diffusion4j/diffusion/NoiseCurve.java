package io.github.diffusion4j.diffusion;

/**
 * The noise levels of a process as a function of time: {@link ScheduleCurve} for a table of
 * variances, and the continuous processes of the SDE view.
 */
public interface NoiseCurve {
  /** Returns the level at time {@code t}. */
  NoiseLevel at(double t);

  /** Returns the level with noise / signal = {@code sigma}; the inverse of {@link #at}. */
  NoiseLevel atSigma(double sigma);
}
