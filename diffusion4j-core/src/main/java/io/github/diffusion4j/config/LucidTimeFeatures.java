package io.github.diffusion4j.config;

/** What the time embedding of a {@link LucidUNetConfig} is given. */
public sealed interface LucidTimeFeatures {
  /**
   * Sines and cosines of geometrically spaced frequencies, as many as the network's first width.
   *
   * @param theta the longest period is 2π times as long, in steps; often 10000
   */
  record Sinusoidal(double theta) implements LucidTimeFeatures {
    /** Refuses periods not above 0. */
    public Sinusoidal {
      Require.positive("model.time.theta", theta);
    }
  }

  /**
   * The time itself, and sines and cosines of its multiples, which are parameters.
   *
   * @param count sines and cosines, together
   */
  record Fourier(int count) implements LucidTimeFeatures {
    /** Refuses counts that are not even. */
    public Fourier {
      Require.that(
          count > 0 && count % 2 == 0, "model.time.count", count, "an even number above 0");
    }
  }
}
