package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.nn.ResNet20;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * ResNet-20, a classifier of CIFAR-10, as a feature network for images of 32 x 32 pixels. Gray
 * images become three equal channels. Its distances are called FD-resnet20.
 */
public final class ResNetFeatureNet implements FeatureNet {
  private static final int BATCH = 250;
  private static final double LARGEST = 255;

  /** Mean and deviation of ImageNet's channels: the network was trained with them. */
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};

  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private final ResNet20 network;
  private final String fingerprint;

  /**
   * Makes a feature network of a trained classifier.
   *
   * @param network is taken over and closed
   */
  public ResNetFeatureNet(ResNet20 network) {
    this.network = network;
    this.fingerprint =
        NetFingerprint.of(
            name() + ": 32 x 32, (x / 255 - ImageNet mean) / deviation", network.parameters());
  }

  @Override
  public String name() {
    return "resnet20";
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int dimension() {
    return ResNet20.FEATURES;
  }

  @Override
  public int classes() {
    return ResNet20.CLASSES;
  }

  /** Looks at images [N, 3, 32, 32] or [N, 1, 32, 32]; no others are taken. */
  @Override
  public Answers of(Tensor images) {
    return Batched.look(images, BATCH, this::look);
  }

  private Answers look(Tensor images) {
    if (images.size(2) != ResNet20.SIZE || images.size(3) != ResNet20.SIZE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "images are %s; allowed for ResNet-20: [N, 3, 32, 32] and [N, 1, 32, 32]",
              images));
    }
    Tensor unit = Colors.rgb(images).dividedBy(LARGEST);
    Tensor normalized = unit.minus(channels(MEAN)).dividedBy(channels(DEVIATION));
    Tensor features = network.features(normalized);
    return new Answers(features, network.logits(features), Optional.empty());
  }

  private static Tensor channels(float[] values) {
    return Tensor.of(values, 1, values.length, 1, 1);
  }

  @Override
  public void close() {
    network.close();
  }
}
