package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** What is the same for Inception v3 in whatever form its weights come. */
abstract class InceptionNet implements FeatureNet {
  private static final int BATCH = 16;

  private final InceptionProtocol protocol;
  private final InceptionWeights weights;
  private final String fingerprint;

  InceptionNet(InceptionProtocol protocol, InceptionWeights weights, String fingerprint) {
    this.protocol = protocol;
    this.weights = weights;
    this.fingerprint = fingerprint;
  }

  final InceptionProtocol protocol() {
    return protocol;
  }

  @Override
  public final String name() {
    return protocol.netName();
  }

  @Override
  public final String distanceName() {
    return weights.distanceName(protocol);
  }

  @Override
  public final Optional<String> warning() {
    return weights.warning(protocol);
  }

  @Override
  public final String fingerprint() {
    return fingerprint;
  }

  @Override
  public final int dimension() {
    return InceptionV3.FEATURES;
  }

  @Override
  public final int classes() {
    return InceptionV3.CLASSES;
  }

  /** Looks at images [N, 3, H, W] or [N, 1, H, W]; gray becomes three equal channels. */
  @Override
  public final Answers of(Tensor images) {
    return Batched.look(images, BATCH, some -> look(Colors.rgb(some)));
  }

  /** Looks at a few images, [N, 3, H, W] in 0…255. */
  abstract Answers look(Tensor rgb);
}
