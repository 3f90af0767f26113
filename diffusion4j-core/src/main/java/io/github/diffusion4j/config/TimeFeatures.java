package io.github.diffusion4j.config;

import java.util.Optional;

/** What the linear layers of a time embedding are given. */
public sealed interface TimeFeatures {
  /** Sines and cosines of geometrically spaced frequencies, as DDPM has. */
  record Positional() implements TimeFeatures {}

  /**
   * Sines and cosines as DDPM has them, of a multiple of the time.
   *
   * @param factor what the time is multiplied by; OpenAI's networks see 1000 / T of it
   * @param count how many sines and cosines, together; empty means as many as the first width
   */
  record Scaled(double factor, Optional<Integer> count) implements TimeFeatures {
    /** Refuses numbers not above 0. */
    public Scaled {
      Require.positive("model.layers.timeEmbedding.features.factor", factor);
      Require.positive("model.layers.timeEmbedding.features.count", count);
    }

    /** As many sines and cosines as the first width. */
    public Scaled(double factor) {
      this(factor, Optional.empty());
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
