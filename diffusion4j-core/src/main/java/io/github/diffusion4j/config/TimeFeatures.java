package io.github.diffusion4j.config;

/** What the linear layers of a time embedding are given. */
public sealed interface TimeFeatures {
  /** Sines and cosines of geometrically spaced frequencies, as DDPM has. */
  record Positional() implements TimeFeatures {}

  /**
   * Sines and cosines as DDPM has them, of a multiple of the time.
   *
   * @param factor what the time is multiplied by; OpenAI's networks see 1000 / T of it
   */
  record Scaled(double factor) implements TimeFeatures {
    /** Refuses factors not above 0. */
    public Scaled {
      Require.positive("model.layers.timeEmbedding.features.factor", factor);
    }
  }

  /**
   * Sines and cosines of random multiples of the logarithm of the time, which is a noise level
   * above 0; the network's answer is divided by it.
   */
  record Fourier() implements TimeFeatures {}

  /**
   * One learned vector per time step.
   *
   * @param steps number of time steps
   */
  record Learned(int steps) implements TimeFeatures {
    /** Refuses a table without entries. */
    public Learned {
      Require.positive("model.layers.timeEmbedding.features.steps", steps);
    }
  }
}
