package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * No network at all: the features are the pixels, 0…255. For distances between pictures as they
 * are.
 *
 * @param shape of the images
 */
record PixelNet(ImageShape shape) implements FeatureNet {
  @Override
  public String name() {
    return "pixels";
  }

  @Override
  public String fingerprint() {
    return "pixels " + shape;
  }

  @Override
  public int dimension() {
    return shape.pixels();
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public Answers of(Tensor images) {
    return new Answers(
        images.reshape(images.size(0), -1), Tensor.zeros(images.size(0), 0), Optional.empty());
  }

  @Override
  public void close() {}
}
