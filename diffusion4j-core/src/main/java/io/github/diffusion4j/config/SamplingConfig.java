package io.github.diffusion4j.config;

/**
 * How images are drawn from the trained network.
 *
 * @param sampler which algorithm
 * @param steps evaluations of the network per image
 * @param eta DDIM only: 0 adds no noise, 1 as much as DDPM
 * @param spacing which of the T times are visited
 */
public record SamplingConfig(Sampler sampler, int steps, double eta, Spacing spacing) {
  /** Which algorithm. */
  public enum Sampler {
    /** Ancestral sampling. */
    DDPM,
    /** The implicit process, good with few steps. */
    DDIM
  }

  /** Which of the T times are visited. */
  public enum Spacing {
    /** Equal distances, counted from the clean end. */
    LEADING,
    /** Equal distances, counted from the noisy end. */
    TRAILING,
    /** Equal distances with both ends, rounded. */
    LINSPACE
  }

  /** Refuses step numbers below 1 and η outside 0…1. */
  public SamplingConfig {
    Require.positive("sampling.steps", steps);
    Require.that(eta >= 0 && eta <= 1, "sampling.eta", eta, "0 ≤ eta ≤ 1");
  }
}
