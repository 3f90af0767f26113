package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TorchScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The archive {@code inception-2015-12-05.pt} of StyleGAN2-ADA: the network of FID with its own
 * resize, that of TensorFlow 1. Under the protocol {@code tf} it gets the images as they are, under
 * {@code clean} its layers get images that were resized here.
 *
 * <p>Features and logits are two calls of the archive, and it gives no spatial features; {@link
 * InceptionFeatureNet} computes all three at once.
 */
public final class ArchivedInceptionNet extends InceptionNet {
  /** SHA-256 of the file as it was published. */
  public static final String PUBLISHED_HASH =
      "f58cb9b6ec323ed63459aa4fb441fe750cfe39fafad6da5cb504a16f19e958f4";

  private static final String FEATURES = "return_features";
  private static final String WITHOUT_BIAS = "no_output_bias"; // as Inception scores are computed

  private final TorchScript script;
  private final TorchScript layers;

  /** Takes over {@code script}, which has been checked to be the published one. */
  ArchivedInceptionNet(TorchScript script, InceptionProtocol protocol, String hash) {
    super(protocol, InceptionWeights.PUBLISHED, NetFingerprint.of(protocol.netName(), hash));
    this.script = script;
    this.layers = script.part("layers");
  }

  /**
   * Loads the archive.
   *
   * @param protocol {@link InceptionProtocol#TF} or {@link InceptionProtocol#CLEAN}
   * @throws IOException if the file is another one: archives are programs, and with other weights
   *     the distance would be no FID
   */
  public static ArchivedInceptionNet open(Path file, InceptionProtocol protocol)
      throws IOException {
    if (protocol == InceptionProtocol.PYTORCH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is a TorchScript archive; allowed for the protocol pytorch: a file of weights",
              file));
    }
    String hash = NetFingerprint.ofFile(file);
    if (!hash.equals(PUBLISHED_HASH)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has the SHA-256 %s; allowed: that of inception-2015-12-05.pt, %s, or torchscript:%s, whose distance is called FD-%s",
              file,
              hash,
              PUBLISHED_HASH,
              file,
              file.getFileName()));
    }
    return new ArchivedInceptionNet(TorchScript.open(file), protocol, hash);
  }

  @Override
  Answers look(Tensor rgb) {
    return switch (protocol()) {
      case TF -> {
        Tensor whole = rgb.contiguous();
        yield answers(script.run(whole, FEATURES).get(0), whole);
      }
      case CLEAN -> {
        Tensor sized = protocol().resize().apply(rgb, InceptionV3.SIZE, InceptionV3.SIZE);
        yield answers(layers.run(protocol().normalize(sized)).get(0), sized);
      }
      case PYTORCH -> throw new AssertionError(protocol());
    };
  }

  private Answers answers(Tensor features, Tensor images) {
    Tensor probabilities = script.run(images, WITHOUT_BIAS).get(0);
    return new Answers(
        features.reshape(images.size(0), -1),
        probabilities.clamp(Float.MIN_NORMAL, 1).log(),
        Optional.empty());
  }

  @Override
  public void close() {
    layers.close();
    script.close();
  }
}
