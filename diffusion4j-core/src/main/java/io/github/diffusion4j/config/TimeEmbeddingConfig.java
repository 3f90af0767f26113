package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * How time becomes a vector: features of it, such as sines and cosines, and two linear layers.
 *
 * @param order whether the sines or the cosines of positional features come first
 * @param frequencyShift with h frequencies, positional frequency i is 10000^(−i / (h − shift)); Ho
 *     uses 1
 * @param features what the linear layers are given; empty means positional
 * @param width length of the vector; empty means four times the first width of the network
 */
public record TimeEmbeddingConfig(
    Order order, double frequencyShift, Optional<TimeFeatures> features, Optional<Integer> width) {
  /** Which half of the vector comes first. */
  public enum Order {
    /** Sines first, as in Ho's code. */
    SIN_COS,
    /** Cosines first, as in OpenAI's code and diffusers' default. */
    COS_SIN
  }

  /** diffusers' default. */
  public static final TimeEmbeddingConfig DEFAULT = new TimeEmbeddingConfig(Order.COS_SIN, 0);

  /** Refuses what no embedding can have. */
  public TimeEmbeddingConfig {
    Require.that(
        Double.isFinite(frequencyShift),
        "model.layers.timeEmbedding.frequencyShift",
        frequencyShift,
        "a finite number");
    Require.positive("model.layers.timeEmbedding.width", width);
    features = features.filter(given -> !(given instanceof TimeFeatures.Positional));
  }

  /** Positional features and the ordinary width. */
  public TimeEmbeddingConfig(Order order, double frequencyShift) {
    this(order, frequencyShift, Optional.empty(), Optional.empty());
  }

  /** Returns what the linear layers are given. */
  public TimeFeatures kind() {
    return features.orElse(new TimeFeatures.Positional());
  }
}
