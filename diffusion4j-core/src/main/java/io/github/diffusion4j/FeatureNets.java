package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.evaluation.ArchivedInceptionNet;
import io.github.diffusion4j.evaluation.DigitFeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.InceptionFeatureNet;
import io.github.diffusion4j.evaluation.InceptionProtocol;
import io.github.diffusion4j.evaluation.InceptionWeights;
import io.github.diffusion4j.evaluation.ResNetFeatureNet;
import io.github.diffusion4j.evaluation.ScriptFeatureNet;
import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.ResNet20;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.TorchScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens feature networks by what a user calls them: a protocol and, mostly, a file of weights. */
public final class FeatureNets {
  /** What {@link #open} takes, for messages and help texts. */
  public static final String ALLOWED =
      "digits, resnet20:FILE, inception-pytorch:FILE, inception-tf:FILE, inception-clean:FILE, torchscript:FILE";

  private static final String COUNTS_OF_TRAINING = "num_batches_tracked";

  private FeatureNets() {}

  /**
   * Opens the network that {@code specification} names. Files are those of pytorch-fid or
   * safetensors with the same names, for {@code tf} and {@code clean} also StyleGAN2-ADA's archive
   * of Inception. Distances of Inception are called FID for the published files alone. Only {@code
   * torchscript} runs a program that is in the file, whoever wrote it.
   *
   * @param specification one of {@link #ALLOWED}; {@code clean} is short for {@code
   *     inception-clean}
   * @return a network that the caller closes
   * @throws IOException if its file cannot be read or holds something else
   * @throws UserException if there is no such network, or no such file
   */
  public static FeatureNet open(String specification) throws IOException {
    int colon = specification.indexOf(':');
    if (specification.equals("digits")) {
      return DigitFeatureNet.embedded();
    }
    if (colon < 0 || colon == specification.length() - 1) {
      throw unknown(specification);
    }
    String kind = specification.substring(0, colon);
    Path file = Path.of(specification.substring(colon + 1));
    return switch (kind) {
      case "resnet20" -> resnet(existing(file));
      case "inception-pytorch" -> inception(existing(file), InceptionProtocol.PYTORCH);
      case "inception-tf" -> inception(existing(file), InceptionProtocol.TF);
      case "inception-clean", "clean" -> inception(existing(file), InceptionProtocol.CLEAN);
      case "torchscript" -> ScriptFeatureNet.open(existing(file));
      default -> throw unknown(specification);
    };
  }

  private static UserException unknown(String specification) {
    return new UserException(
        String.format(
            Locale.ROOT, "there is no feature network %s; allowed: %s", specification, ALLOWED));
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          String.format(Locale.ROOT, "there is no file %s; allowed: a file of weights", file));
    }
    return file;
  }

  private static FeatureNet resnet(Path file) throws IOException {
    return new ResNetFeatureNet(filled(new ResNet20(Seed.of(0)), file));
  }

  private static FeatureNet inception(Path file, InceptionProtocol protocol) throws IOException {
    if (TorchScript.isArchive(file)) {
      return ArchivedInceptionNet.open(file, protocol);
    }
    InceptionWeights weights = InceptionWeights.of(file);
    return new InceptionFeatureNet(filled(new InceptionV3(Seed.of(0)), file), protocol, weights);
  }

  /** Gives {@code network} the weights of a file, or closes it. */
  private static <L extends Layer> L filled(L network, Path file) throws IOException {
    try (Scope scope = Scope.open()) {
      TensorFile weights = TensorFile.open(file).filter(name -> !name.endsWith(COUNTS_OF_TRAINING));
      network.load(weights.read(weights.tensors().keySet()));
      return network;
    } catch (IllegalArgumentException e) {
      network.close();
      throw new IOException(
          String.format(
              Locale.ROOT, "%s holds the weights of another network: %s", file, e.getMessage()),
          e);
    } catch (IOException e) {
      network.close();
      throw e;
    }
  }
}
