package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * Everything that decides the outcome of a run of a model that is no diffusion model; one to one
 * with its JSON form.
 *
 * @param name short name, as of a preset
 * @param description what to expect, how long it takes, on what machine
 * @param seed the source of all randomness
 * @param data the images
 * @param family which family, and the shape of its networks
 * @param training how they are trained
 * @param reporting what is written on the way
 */
public record BaselineConfig(
    String name,
    String description,
    long seed,
    DataConfig data,
    FamilyConfig family,
    PlainTrainingConfig training,
    ReportingConfig reporting)
    implements RunConfig {

  /** Refuses a recipe without a name, and optimizers that tell a network's parts by their names. */
  public BaselineConfig {
    Require.text("name", name);
    Require.that(
        !(family instanceof GanConfig) || training.optimizer().kind() != OptimizerConfig.Kind.MUON,
        "training.optimizer.kind",
        Word.of(training.optimizer().kind()),
        "adam, adamw, for a gan");
  }

  @Override
  public Optional<RunConfig> afterDivergence() {
    return training
        .afterDivergence()
        .map(next -> new BaselineConfig(name, description, seed, data, family, next, reporting));
  }
}
