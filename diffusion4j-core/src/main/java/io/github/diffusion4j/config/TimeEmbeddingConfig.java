package io.github.diffusion4j.config;

/**
 * How time becomes a vector: sines and cosines of geometrically spaced frequencies.
 *
 * @param order whether the sines or the cosines come first
 * @param frequencyShift with h frequencies, frequency i is 10000^(−i / (h − shift)); Ho uses 1
 */
public record TimeEmbeddingConfig(Order order, int frequencyShift) {
  /** Which half of the vector comes first. */
  public enum Order {
    /** Sines first, as in Ho's code. */
    SIN_COS,
    /** Cosines first, as in OpenAI's code and diffusers' default. */
    COS_SIN
  }

  /** diffusers' default. */
  public static final TimeEmbeddingConfig DEFAULT = new TimeEmbeddingConfig(Order.COS_SIN, 0);

  /** Refuses shifts other than 0 and 1. */
  public TimeEmbeddingConfig {
    Require.that(
        frequencyShift == 0 || frequencyShift == 1,
        "model.layers.timeEmbedding.frequencyShift",
        frequencyShift,
        "0 or 1");
  }
}
