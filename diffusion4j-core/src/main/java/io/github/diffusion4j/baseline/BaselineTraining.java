package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.Learner;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a recipe of these families trains.
 *
 * @param learner takes the steps, and owns the networks
 * @param average the network with the averaged weights, which is the one to draw images with
 * @param parameters numbers that are learned, by the name of the network they belong to
 */
public record BaselineTraining(Learner learner, Baseline average, Map<String, Long> parameters)
    implements AutoCloseable {
  /** Copies the counts, in their order. */
  public BaselineTraining {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Returns fresh networks. */
  public static BaselineTraining of(BaselineConfig config) {
    Seed seed = Seed.of(config.seed()).derive("weights");
    if (config.family() instanceof VaeConfig vae) {
      return ofBound(config, new Vae(vae, seed), new Vae(vae, seed), vae.warmupSteps());
    } else if (config.family() instanceof HvaeConfig hvae) {
      return ofBound(config, new Hvae(hvae, seed), new Hvae(hvae, seed), hvae.warmupSteps());
    }
    GanConfig gan = (GanConfig) config.family();
    Generator average = new Generator(gan, seed);
    Discriminator discriminator = new Discriminator(gan, seed.derive("discriminator"));
    Map<String, Long> parameters = new LinkedHashMap<>();
    parameters.put("generator", average.parameterCount());
    parameters.put("discriminator", discriminator.parameterCount());
    return new BaselineTraining(
        new AdversarialLearner(config, new Generator(gan, seed), average, discriminator),
        average,
        parameters);
  }

  private static BaselineTraining ofBound(
      BaselineConfig config,
      LatentVariableModel network,
      LatentVariableModel average,
      int warmupSteps) {
    return new BaselineTraining(
        new ElboLearner(config, network, average, warmupSteps),
        average,
        Map.of("autoencoder", average.parameterCount()));
  }

  @Override
  public void close() {
    learner.close();
  }
}
