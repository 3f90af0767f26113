package io.github.diffusion4j.config;

import java.util.List;
import java.util.Optional;

/** The shape of a network for images. */
public sealed interface ImageModelConfig extends ModelConfig permits UNetConfig, LucidUNetConfig {
  /** Returns the channels of an image. */
  int channels();

  /** Returns the height of the images it is trained on, in pixels. */
  int size();

  /** Returns the width of the images it is trained on, in pixels. */
  default int imageWidth() {
    return size();
  }

  /** Returns the channels of the answer, or nothing if they are as many as an image has. */
  Optional<Integer> outputChannels();

  /** Returns the same network with another number of output channels. */
  ImageModelConfig withOutputChannels(int outputChannels);

  /** Returns the number of channels of the answer. */
  default int outputs() {
    return outputChannels().orElse(channels());
  }

  @Override
  default List<Integer> sampleShape() {
    return List.of(channels(), size(), imageWidth());
  }
}
