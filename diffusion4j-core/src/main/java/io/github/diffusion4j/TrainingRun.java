package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.ModelOrigin;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PointDataset;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.DenoisingLearner;
import io.github.diffusion4j.training.FromConfig;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.Trainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The training of a diffusion model, with its run directory. */
public final class TrainingRun extends Run {
  private static final List<String> KEPT_OPTIONS =
      List.of("model.", "training.optimizer.kind", "training.loss.timesteps.history");

  /** Decide what is measured on the way; the best checkpoint is chosen by it. */
  private static final List<String> MEASURED_OPTIONS =
      List.of(
          "training.evaluation.samples",
          "training.evaluation.features",
          "training.evaluation.steps",
          "sampling.sampler",
          "sampling.eta",
          "sampling.spacing");

  private final ExperimentConfig config;
  private final DenoisingLearner learner;

  private TrainingRun(
      ExperimentConfig config,
      Dataset data,
      DenoisingLearner learner,
      Path folder,
      Optional<TrainingEvaluation> evaluation) {
    super(config, data, new Trainer(config, data, learner), folder, evaluation);
    this.config = config;
    this.learner = learner;
    evaluation.ifPresent(one -> one.follow(model()));
  }

  /**
   * Begins a training in a new or empty directory.
   *
   * @throws UserException if the directory already holds a run, or data and model do not fit
   */
  public static TrainingRun start(ExperimentConfig config, Dataset data, Path folder)
      throws IOException {
    requireFit(config, data);
    EngineCheck.require();
    Optional<TrainingEvaluation> evaluation = evaluation(config, data, folder);
    new RunDirectory(folder).create(config, data.fingerprint());
    return new TrainingRun(config, data, new DenoisingLearner(config), folder, evaluation);
  }

  private static Optional<TrainingEvaluation> evaluation(
      ExperimentConfig config, Dataset data, Path folder) throws IOException {
    if (config.training().evaluation().isEmpty() || !(data instanceof ImageDataset images)) {
      return Optional.empty();
    }
    return Optional.of(
        TrainingEvaluation.open(
            config, config.training().evaluation().get(), images, folder.resolve("features")));
  }

  /**
   * Goes on from the latest checkpoint of a run directory, exactly as if it had never stopped.
   *
   * @param config the configuration of the run; its budget may differ from before
   * @throws UserException if there is no checkpoint, or the data, the network, the kind of
   *     optimizer or what is measured on the way are not those of before
   */
  public static TrainingRun resume(ExperimentConfig config, Dataset data, Path folder)
      throws IOException {
    Path checkpoint = latest(folder);
    requireFit(config, data);
    EngineCheck.require();
    try (Scope scope = Scope.open()) {
      TrainingState state = TrainingState.read(checkpoint);
      requireSame(state, config, data, kept(state, config));
      TrainingRun run =
          new TrainingRun(
              config, data, new DenoisingLearner(config), folder, evaluation(config, data, folder));
      run.takeOver(state);
      return run;
    }
  }

  /** A run that was not measured may be from now on, and the reverse. */
  private static List<String> kept(TrainingState state, ExperimentConfig config) {
    boolean isMeasuredAgain =
        state.config() instanceof ExperimentConfig before
            && before.training().evaluation().isPresent()
            && config.training().evaluation().isPresent();
    return isMeasuredAgain
        ? Stream.concat(KEPT_OPTIONS.stream(), MEASURED_OPTIONS.stream()).toList()
        : KEPT_OPTIONS;
  }

  @Override
  BufferedImage picture(int count) {
    DiffusionModel model = model();
    Tensor samples =
        model.sample(SampleRequest.of(count), config.sampling(), SamplingListener.NONE);
    return model.isOfImages() ? grid(samples) : SavedPoints.picture(samples);
  }

  @Override
  void writeModel(Path folder) throws IOException {
    ProcessConfig process = writable(config.process());
    DiffusersPipeline.write(
        folder,
        config.model(),
        process,
        PublishedScheduler.usual(process),
        ModelOrigin.DIFFUSION4J,
        learner.average().parameters());
  }

  /** A schedule that diffusers has no word for is written as its table. */
  static ProcessConfig writable(ProcessConfig process) {
    ScheduleConfig schedule = process.schedule();
    if (DiffusersPipeline.knows(schedule)) {
      return process;
    }
    return new ProcessConfig(
        schedule instanceof ScheduleConfig.LogSigmaTimes told
            ? new ScheduleConfig.LogSigmaTimes(inTables(told.of()))
            : inTables(schedule),
        process.prediction(),
        process.variance(),
        process.x0Range());
  }

  private static ScheduleConfig.OfSteps inTables(ScheduleConfig schedule) {
    return schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled
        ? new ScheduleConfig.ZeroTerminalSnr(table(rescaled.of()))
        : table(schedule);
  }

  private static ScheduleConfig.Table table(ScheduleConfig schedule) {
    double[] betas = FromConfig.schedule(schedule).betas();
    return new ScheduleConfig.Table(Arrays.stream(betas).boxed().toList());
  }

  /** Returns the model with the averaged weights; it belongs to this run. */
  public DiffusionModel model() {
    return new DiffusionModel(learner.average(), config.process());
  }

  private static void requireFit(ExperimentConfig config, Dataset data) {
    if (config.model() instanceof ImageModelConfig model && data instanceof ImageDataset images) {
      requireFit(model, images);
    } else if (!(config.model() instanceof MlpConfig mlp
        && data instanceof PointDataset points
        && points.dimensions() == mlp.dimensions())) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the data are %s; the model takes samples of shape %s",
              data instanceof PointDataset points
                  ? "points of dimension " + points.dimensions()
                  : "images",
              config.model().sampleShape()));
    }
  }

  private static void requireFit(ImageModelConfig model, ImageDataset data) {
    ImageShape shape = data.shape();
    if (!shape.equals(new ImageShape(model.channels(), model.size(), model.imageWidth()))) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the images are %s; the model takes %d channels of %d x %d",
              shape,
              model.channels(),
              model.size(),
              model.imageWidth()));
    }
    Labels.requireClasses(model);
    Optional<Integer> classes = model.classes();
    if (classes.isPresent() && data.classNames().size() > classes.get()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "model.classes is %d; the data have %d classes",
              classes.get(),
              data.classNames().size()));
    }
    if (classes.isPresent() && data.label(0).isEmpty()) {
      throw new UserException("model.classes is set, but the data have no classes");
    }
  }
}
