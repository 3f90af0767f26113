package io.github.diffusion4j.config;

/**
 * Everything that decides the outcome of a run; one to one with its JSON form.
 *
 * @param name short name, as of a preset
 * @param description what to expect, how long it takes, on what machine
 * @param seed the source of all randomness
 * @param data the images or points
 * @param model the network
 * @param process the diffusion process
 * @param training how the network is trained
 * @param sampling how images are drawn
 * @param reporting what is written on the way
 */
public record ExperimentConfig(
    String name,
    String description,
    long seed,
    DataConfig data,
    ModelConfig model,
    ProcessConfig process,
    TrainingConfig training,
    SamplingConfig sampling,
    ReportingConfig reporting) {

  /** Refuses values that do not go together. */
  public ExperimentConfig {
    Require.text("name", name);
    Require.that(
        sampling.steps() <= process.schedule().steps(),
        "sampling.steps",
        sampling.steps(),
        "at most process.schedule.steps = " + process.schedule().steps());
    Require.that(
        model instanceof UNetConfig || data.flip() == DataConfig.Flip.NONE,
        "data.flip",
        Form.word(data.flip()),
        "none, for points");
  }

  /**
   * Returns the network of an experiment with images.
   *
   * @throws UserException if this experiment is one with points
   */
  public UNetConfig unet() {
    if (model instanceof UNetConfig unet) {
      return unet;
    }
    throw new UserException(
        "model.kind is %s, a network for points; allowed here: %s"
            .formatted(Form.kind(model.getClass()), Form.kind(UNetConfig.class)));
  }
}
