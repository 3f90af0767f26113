package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * Inception v3 under one of the protocols of FID. Images may have any size; gray ones become three
 * equal channels. With the published weights of December 2015 its Fréchet distance is called FID,
 * and the protocol belongs to the name.
 */
public final class InceptionFeatureNet extends InceptionNet {
  private final InceptionV3 network;

  /**
   * Makes a feature network.
   *
   * @param network is taken over and closed
   * @param weights what is known of the network's weights
   */
  public InceptionFeatureNet(
      InceptionV3 network, InceptionProtocol protocol, InceptionWeights weights) {
    super(protocol, weights, NetFingerprint.of(protocol.netName(), network.parameters()));
    this.network = network;
  }

  @Override
  Answers look(Tensor rgb) {
    Tensor sized = protocol().resize().apply(rgb, InceptionV3.SIZE, InceptionV3.SIZE);
    InceptionV3.Sight sight = network.look(protocol().normalize(sized));
    return new Answers(
        sight.features(), network.logits(sight.features()), Optional.of(sight.spatial()));
  }

  @Override
  public void close() {
    network.close();
  }
}
