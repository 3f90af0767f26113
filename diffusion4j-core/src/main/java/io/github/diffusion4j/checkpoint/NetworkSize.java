package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How large a network is at least, found before any of it is made. */
final class NetworkSize {
  private static final int KERNEL = 9;

  private NetworkSize() {}

  /**
   * Refuses a network that would have more parameters, or more layers, than there are weights.
   *
   * @param file where the weights are from
   */
  static void requireFilledBy(Map<String, Tensor> weights, ModelConfig network, Path file)
      throws IOException {
    requireFilledBy(weights, parameters(network), layers(network), file);
  }

  /** As the other, for the networks of another family. */
  static void requireFilledBy(Map<String, Tensor> weights, FamilyConfig family, Path file)
      throws IOException {
    double last = family.widths().get(family.widths().size() - 1);
    double sum = last * family.smallest() * family.smallest() * family.latent();
    for (double width : family.widths()) {
      sum += KERNEL * width * width;
    }
    long layers = family.widths().size();
    if (family instanceof HvaeConfig hvae) {
      sum += (double) KERNEL * hvae.widths().get(0) * hvae.latentChannels();
      layers = hvae.latentImages().stream().mapToLong(Integer::longValue).sum();
    }
    requireFilledBy(weights, sum, layers, file);
  }

  private static void requireFilledBy(
      Map<String, Tensor> weights, double least, long layers, Path file) throws IOException {
    double given = weights.values().stream().mapToDouble(Tensor::numel).sum();
    if (least > given || layers > weights.size()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s does not fit its config.json: %.0f numbers in %d tensors, wanted at least %.0f in %d",
              file,
              given,
              weights.size(),
              least,
              layers));
    }
  }

  private static long layers(ModelConfig network) {
    if (network instanceof UNetConfig unet) {
      return (long) unet.blocksPerLevel() * unet.levels();
    }
    return network instanceof MlpConfig mlp ? mlp.depth() : 1;
  }

  /** The largest matrices only, in floating point: hostile sizes have products beyond 64 bits. */
  private static double parameters(ModelConfig network) {
    if (network instanceof UNetConfig unet) {
      return parameters(unet);
    } else if (network instanceof LucidUNetConfig lucid) {
      double widest = lucid.widths().stream().mapToDouble(Integer::doubleValue).max().orElse(0);
      return widest * widest + (double) lucid.timeWidth() * lucid.timeWidth();
    }
    MlpConfig mlp = (MlpConfig) network;
    return (double) mlp.width() * (mlp.width() + mlp.dimensions());
  }

  private static double parameters(UNetConfig unet) {
    double time = unet.timeWidth();
    double first = unet.widths().get(0);
    double sum = time * time + KERNEL * first * ((double) unet.channels() + unet.outputs());
    for (double width : unet.widths()) {
      sum += KERNEL * width * width * unet.blocksPerLevel();
    }
    if (unet.labels().equals(Optional.of(ClassEmbeddingKind.TABLE))) {
      sum += time * unet.classes().orElse(0);
    }
    if (unet.layers().timeEmbedding().kind() instanceof TimeFeatures.Learned learned) {
      sum += first * learned.steps();
    }
    return sum;
  }
}
