package io.github.diffusion4j.config;

import java.util.Locale;
import java.util.Optional;

/**
 * Everything that decides the outcome of a run of a diffusion model; one to one with its JSON form.
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
    ReportingConfig reporting)
    implements RunConfig {

  /**
   * Refuses values that do not go together; a network that is to learn the variance gets twice the
   * output channels.
   */
  public ExperimentConfig {
    model = withOutputs(model, process);
    requireFit(process, training.loss());
    Require.that(
        process.prediction() != ProcessConfig.PredictionTarget.CONSISTENCY,
        "process.prediction",
        Word.of(process.prediction()),
        "preconditioned or v for training; consistency models are distilled elsewhere");
    Require.text("name", name);
    Require.that(
        sampling.steps() <= process.schedule().steps(),
        "sampling.steps",
        sampling.steps(),
        "at most process.schedule.steps = " + process.schedule().steps());
    requireFit(training.evaluation(), model, process);
    Require.that(
        model instanceof ImageModelConfig || data.flip() == DataConfig.Flip.NONE,
        "data.flip",
        Word.of(data.flip()),
        "none, for points");
    Require.that(
        model instanceof ImageModelConfig || training.loss() instanceof LossConfig.Simple,
        "training.loss.kind",
        Form.kind(training.loss().getClass()),
        "simple, for points, which have no 256 values");
  }

  @Override
  public Optional<RunConfig> afterDivergence() {
    return training
        .afterDivergence()
        .map(
            next ->
                new ExperimentConfig(
                    name, description, seed, data, model, process, next, sampling, reporting));
  }

  private static ModelConfig withOutputs(ModelConfig model, ProcessConfig process) {
    String variance = Word.of(process.variance());
    if (!(model instanceof ImageModelConfig images)) {
      Require.that(
          !process.variance().isLearned(),
          "process.variance",
          variance,
          "beta, beta-tilde, for points");
      return model;
    }
    int outputs = process.variance().isLearned() ? 2 * images.channels() : images.channels();
    if (images.outputChannels().isEmpty() && outputs != images.channels()) {
      return images.withOutputChannels(outputs);
    }
    Require.that(
        images.outputs() == outputs,
        "model.outputChannels",
        images.outputs(),
        String.format(Locale.ROOT, "%d, as process.variance is %s", outputs, variance));
    return images;
  }

  /** A variance is learned from the bound, and a fixed one gives the hybrid loss nothing to do. */
  private static void requireFit(ProcessConfig process, LossConfig loss) {
    boolean learned = process.variance().isLearned();
    Require.that(
        learned ? !(loss instanceof LossConfig.Simple) : !(loss instanceof LossConfig.Hybrid),
        "training.loss.kind",
        Form.kind(loss.getClass()),
        String.format(
            Locale.ROOT,
            "%s, as process.variance is %s",
            learned ? "hybrid, vlb" : "simple, vlb",
            Word.of(process.variance())));
  }

  private static void requireFit(
      Optional<EvaluationConfig> evaluation, ModelConfig model, ProcessConfig process) {
    int steps = evaluation.map(EvaluationConfig::steps).orElse(1);
    Require.that(
        steps <= process.schedule().steps(),
        "training.evaluation.steps",
        steps,
        "at most process.schedule.steps = " + process.schedule().steps());
    Require.that(
        evaluation.isEmpty() || model instanceof ImageModelConfig,
        "training.evaluation",
        "given",
        "none, for points");
  }

  /**
   * Returns the network of an experiment with images.
   *
   * @throws UserException if this experiment is one with points
   */
  public ImageModelConfig images() {
    if (model instanceof ImageModelConfig images) {
      return images;
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "model.kind is %s, a network for points; allowed here: %s",
            Form.kind(model.getClass()),
            String.join(", ", Form.variants(ImageModelConfig.class).keySet())));
  }

  /**
   * Returns the network of an experiment with diffusers' U-Net.
   *
   * @throws UserException if this experiment has another network
   */
  public UNetConfig unet() {
    if (model instanceof UNetConfig unet) {
      return unet;
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "model.kind is %s; allowed here: %s",
            Form.kind(model.getClass()),
            Form.kind(UNetConfig.class)));
  }
}
