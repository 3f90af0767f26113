package io.github.diffusion4j;

import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Sees the same number in all images; {@code places} features with places, 0 for none. */
record ConstantNet(int dimension, int places, double value) implements FeatureNet {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public String fingerprint() {
    return toString();
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public Answers of(Tensor images) {
    return new Answers(
        Tensor.full(value, images.size(0), dimension),
        Tensor.zeros(images.size(0), 0),
        places == 0 ? Optional.empty() : Optional.of(Tensor.full(value, images.size(0), places)));
  }

  @Override
  public void close() {}
}
