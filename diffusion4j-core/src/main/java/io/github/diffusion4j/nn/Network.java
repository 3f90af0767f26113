package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * A network that can learn to denoise: it sees noisy samples and the time, and answers with
 * something of the samples' shape. It owns its parameters until {@link #close()}.
 */
public sealed interface Network extends AutoCloseable permits UNet, LucidUNet, Mlp {
  /** Makes the network that {@code config} describes, with weights drawn from {@code seed}. */
  static Network of(ModelConfig config, Seed seed) {
    Network network = withoutWeights(config);
    network.initialize(seed);
    return network;
  }

  /**
   * Makes the network that {@code config} describes, with a copy of {@code weights}.
   *
   * @throws IllegalArgumentException if they do not fit, as {@link #load} does
   */
  static Network of(ModelConfig config, Map<String, Tensor> weights) {
    Network network = withoutWeights(config);
    try {
      network.load(weights);
      return network;
    } catch (IllegalArgumentException e) {
      network.close();
      throw e;
    }
  }

  /**
   * Makes the network that {@code config} describes. Its parameters have neither values nor memory
   * until {@link #initialize} or {@link #load}.
   */
  static Network withoutWeights(ModelConfig config) {
    if (config instanceof UNetConfig unet) {
      return new UNet(unet);
    } else if (config instanceof LucidUNetConfig lucid) {
      return new LucidUNet(lucid);
    } else if (config instanceof MlpConfig mlp) {
      return new Mlp(mlp);
    }
    throw new AssertionError(config);
  }

  /** Returns the configuration this network was made from. */
  ModelConfig config();

  /**
   * Returns the prediction for noisy samples.
   *
   * @param x F32 [N, …], each sample of the shape that {@link #config} names
   * @param time F32 or I64 [N], counted from 0 as published networks do
   * @param labels I64 [N] for a conditional network, empty for an unconditional one
   * @param dropout what happens to activations; {@link Dropout#NONE} outside training
   * @return F32, of the shape of {@code x}, or with twice the channels if it learns the variance
   * @throws IllegalArgumentException if a shape does not fit, or labels are missing or superfluous
   */
  Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels, Dropout dropout);

  /** Returns the parameters themselves by their full dotted names. */
  Map<String, Tensor> parameters();

  /** Returns how many numbers the parameters hold. */
  long parameterCount();

  /** Draws all parameters; each one's values depend on {@code seed} and its name only. */
  void initialize(Seed seed);

  /**
   * Copies {@code values} into the parameters, converting their type where it differs.
   *
   * @throws IllegalArgumentException if a name is missing or unknown or a shape differs; nothing
   *     has been copied then
   */
  void load(Map<String, Tensor> values);

  /** Frees the parameters. */
  @Override
  void close();
}
