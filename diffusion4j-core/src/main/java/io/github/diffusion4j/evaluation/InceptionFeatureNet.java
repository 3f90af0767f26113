package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * Inception v3 under one of the protocols of FID. Images may have any size; gray ones become three
 * equal channels. With the weights of December 2015 its Fréchet distance is called FID, and the
 * protocol belongs to the name.
 */
public final class InceptionFeatureNet implements FeatureNet {
  private static final int BATCH = 16;

  private final InceptionV3 network;
  private final InceptionProtocol protocol;
  private final String fingerprint;

  /**
   * Makes a feature network.
   *
   * @param network is taken over and closed
   */
  public InceptionFeatureNet(InceptionV3 network, InceptionProtocol protocol) {
    this.network = network;
    this.protocol = protocol;
    this.fingerprint = NetFingerprint.of(name(), network.parameters());
  }

  @Override
  public String name() {
    return "inception-" + protocol.word();
  }

  @Override
  public String distanceName() {
    return "FID (%s)".formatted(protocol.word());
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int dimension() {
    return InceptionV3.FEATURES;
  }

  @Override
  public int classes() {
    return InceptionV3.CLASSES;
  }

  /** Looks at images [N, 3, H, W] or [N, 1, H, W]. */
  @Override
  public Answers of(Tensor images) {
    return Batched.look(images, BATCH, this::look);
  }

  private Answers look(Tensor images) {
    Tensor rgb = Colors.rgb(images);
    Tensor sized = protocol.resize().apply(rgb, InceptionV3.SIZE, InceptionV3.SIZE);
    InceptionV3.Sight sight = network.look(protocol.normalize(sized));
    return new Answers(
        sight.features(), network.logits(sight.features()), Optional.of(sight.spatial()));
  }

  @Override
  public void close() {
    network.close();
  }
}
