package io.github.diffusion4j.baseline;

import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A network that makes images of noise in one pass. It owns its parameters until closed. */
public sealed interface Baseline extends AutoCloseable permits LatentVariableModel, Generator {
  /** Makes the network that {@code config} describes, with weights drawn from {@code seed}. */
  static Baseline of(FamilyConfig config, Seed seed) {
    if (config instanceof VaeConfig vae) {
      return new Vae(vae, seed);
    } else if (config instanceof HvaeConfig hvae) {
      return new Hvae(hvae, seed);
    } else if (config instanceof GanConfig gan) {
      return new Generator(gan, seed);
    }
    throw new AssertionError(config);
  }

  /**
   * Reads the network in a folder.
   *
   * @throws IOException if the weights are damaged, or do not fit the configuration beside them
   */
  static Baseline open(Path folder) throws IOException {
    BaselineFolder stored = BaselineFolder.read(folder);
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = stored.weights();
      Baseline network = of(stored.family(), Seed.of(0));
      try {
        network.load(weights);
      } catch (IllegalArgumentException e) {
        network.close();
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s does not fit its config.json: %s",
                stored.weightsFile(),
                e.getMessage()),
            e);
      }
      return network;
    }
  }

  /** Returns the configuration this network was made from. */
  FamilyConfig config();

  /**
   * Makes images of noise.
   *
   * @return images [count, C, H, W] in [−1, 1], with what {@code backward()} needs
   */
  Tensor images(int count, LatentNoise noise);

  /**
   * Draws images; image number i of a seed is the same however it is batched.
   *
   * @param first the number of the first
   * @return images [count, C, H, W] in [−1, 1], new in the open scope
   */
  default Tensor draw(long first, int count, Seed seed) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      return scope.keep(images(count, LatentNoise.each(seed, first)));
    }
  }

  /** Returns the parameters themselves by their full dotted names. */
  Map<String, Tensor> parameters();

  /** Returns how many numbers the parameters hold. */
  long parameterCount();

  /**
   * Copies {@code values} into the parameters.
   *
   * @throws IllegalArgumentException if a name is missing or unknown or a shape differs; nothing
   *     has been copied then
   */
  void load(Map<String, Tensor> values);

  @Override
  void close();
}
