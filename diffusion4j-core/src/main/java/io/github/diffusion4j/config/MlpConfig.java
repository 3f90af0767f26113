package io.github.diffusion4j.config;

import java.util.List;
import java.util.Optional;

/**
 * The shape of a multilayer perceptron for points in the plane or on a line.
 *
 * @param dimensions numbers of a point, 1 or 2
 * @param width numbers inside the network
 * @param depth residual blocks, each of two layers
 */
public record MlpConfig(int dimensions, int width, int depth) implements ModelConfig {
  private static final int MOST_DIMENSIONS = 2;

  /** Refuses shapes that cannot be built or shown. */
  public MlpConfig {
    Require.that(
        dimensions >= 1 && dimensions <= MOST_DIMENSIONS, "model.dimensions", dimensions, "1 or 2");
    Require.positive("model.width", width);
    Require.positive("model.depth", depth);
  }

  @Override
  public List<Integer> sampleShape() {
    return List.of(dimensions);
  }

  @Override
  public Optional<Integer> classes() {
    return Optional.empty();
  }

  @Override
  public double dropout() {
    return 0;
  }
}
