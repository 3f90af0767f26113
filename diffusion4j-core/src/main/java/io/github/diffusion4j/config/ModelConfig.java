package io.github.diffusion4j.config;

import java.util.List;
import java.util.Optional;

/** The shape of the network: one of the U-Nets for images, a small perceptron for points. */
public sealed interface ModelConfig permits ImageModelConfig, MlpConfig {
  /** Returns the shape of one sample: [C, H, W] for images, [D] for points. */
  List<Integer> sampleShape();

  /** Returns the number of class labels, or nothing for an unconditional network. */
  Optional<Integer> classes();

  /** Returns the probability with which an activation is dropped in training. */
  double dropout();
}
