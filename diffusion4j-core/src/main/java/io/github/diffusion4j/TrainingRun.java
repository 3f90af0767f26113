package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.ModelCard;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.data.PointDataset;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.image.PlanarImages;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.Trainer;
import io.github.diffusion4j.training.TrainingListener;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A training with its run directory: log, sample grids and checkpoints are written while it goes.
 */
public final class TrainingRun implements AutoCloseable {
  private static final int KEPT_CHECKPOINTS = 3;

  private final ExperimentConfig config;
  private final Dataset data;
  private final Trainer trainer;
  private final RunDirectory directory;
  private final Checkpoints checkpoints;
  private long checkpointedStep = -1;

  private TrainingRun(ExperimentConfig config, Dataset data, Path folder) {
    this.config = config;
    this.data = data;
    this.trainer = new Trainer(config, data);
    this.directory = new RunDirectory(folder);
    this.checkpoints = Checkpoints.of(folder);
  }

  /**
   * Begins a training in a new or empty directory.
   *
   * @throws UserException if the directory already holds a run, or data and model do not fit
   */
  public static TrainingRun start(ExperimentConfig config, Dataset data, Path folder)
      throws IOException {
    requireFit(config, data);
    new RunDirectory(folder).create(config, data.fingerprint());
    return new TrainingRun(config, data, folder);
  }

  /**
   * Goes on from the latest checkpoint of a run directory, exactly as if it had never stopped.
   *
   * @param config the configuration of the run; its budget may differ from before
   * @throws UserException if there is no checkpoint, or the data, the network or the kind of
   *     optimizer are not those of before
   */
  public static TrainingRun resume(ExperimentConfig config, Dataset data, Path folder)
      throws IOException {
    Path checkpoint =
        Checkpoints.of(folder)
            .latest()
            .orElseThrow(() -> new UserException(folder + " holds no checkpoint to resume from"));
    requireFit(config, data);
    try (Scope scope = Scope.open()) {
      TrainingState state = TrainingState.read(checkpoint);
      requireSame(state, config, data);
      TrainingRun run = new TrainingRun(config, data, folder);
      run.trainer.restore(
          state.progress().step(), state.progress().elapsedSeconds(), state.tensors());
      run.directory.forgetAfter(run.trainer.step());
      run.checkpointedStep = run.trainer.step();
      return run;
    }
  }

  /** Refuses to go on with other images, or with vectors that mean something else. */
  private static void requireSame(TrainingState state, ExperimentConfig config, Dataset data) {
    if (!state.dataFingerprint().equals(data.fingerprint())) {
      throw new UserException(
          "the data have fingerprint %s; this run was trained on %s"
              .formatted(data.fingerprint(), state.dataFingerprint()));
    }
    List<String> differences =
        ConfigFiles.differences(state.config(), config).stream()
            .filter(
                path ->
                    path.startsWith("model.")
                        || path.equals("training.optimizer.kind")
                        || path.equals("training.loss.timesteps.history"))
            .toList();
    if (!differences.isEmpty()) {
      throw new UserException(
          "the configuration differs from that of the run in %s; a resumed run keeps its network, its optimizer and its history of losses"
              .formatted(String.join(", ", differences)));
    }
  }

  /** Trains until the budget is spent or {@code stop} says so, and saves a checkpoint. */
  public void train(BooleanSupplier stop, TrainingListener listener) throws IOException {
    try {
      trainer.run(
          stop,
          report -> {
            record(report);
            listener.onStep(report);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    saveCheckpoint();
  }

  private void record(StepReport report) {
    try {
      if (isDue(report, config.reporting().logEverySteps())) {
        directory.log(report);
      }
      if (isDue(report, config.reporting().sampleEverySteps())) {
        writeSamples();
      }
      if (isDue(report, config.reporting().checkpointEverySteps())) {
        saveCheckpoint();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isDue(StepReport report, int everySteps) {
    return report.step() % everySteps == 0;
  }

  /** Draws samples with the averaged weights, a grid or a scatter plot; returns the file. */
  public Path writeSamples() throws IOException {
    int count = config.reporting().sampleCount();
    Path file = directory.samples(trainer.step());
    try (Scope scope = Scope.open()) {
      DiffusionModel model = model();
      Tensor samples =
          model.sample(SampleRequest.of(count), config.sampling(), SamplingListener.NONE);
      Png.write(model.isOfImages() ? grid(samples) : SavedPoints.picture(samples), file);
    }
    return file;
  }

  private static BufferedImage grid(Tensor images) {
    int columns = (int) Math.ceil(Math.sqrt((double) images.size(0)));
    return ImageGrid.ofColumns(columns).withScale(2).draw(planar(images));
  }

  /** Returns images [N, C, H, W] in [−1, 1] as pixels. */
  public static PlanarImages planar(Tensor images) {
    long[] shape = images.shape();
    return new PlanarImages(
        PixelRange.toBytes(images), (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3]);
  }

  /** Writes a checkpoint, unless the present step has one; returns its folder. */
  public Path saveCheckpoint() throws IOException {
    if (checkpointedStep == trainer.step()) {
      return checkpoints.latest().orElseThrow();
    }
    Path written =
        checkpoints.write(writable(config.process()), trainer.average().parameters(), state());
    checkpoints.prune(KEPT_CHECKPOINTS);
    checkpointedStep = trainer.step();
    return written;
  }

  private TrainingState state() {
    TrainingState.Progress progress =
        new TrainingState.Progress(
            trainer.step(), trainer.step() * config.training().batch(), trainer.elapsedSeconds());
    return new TrainingState(progress, config, data.fingerprint(), trainer.vectors());
  }

  /**
   * Saves a checkpoint, as {@link #saveCheckpoint} does, and writes what was measured of its model
   * on the page beside it.
   */
  public void publish(List<ModelCard.Measurement> measurements) throws IOException {
    Path checkpoint = saveCheckpoint();
    ModelCard.of(state(), trainer.average().parameterCount(), measurements).write(checkpoint);
  }

  /** A schedule that diffusers has no word for is written as its table. */
  static ProcessConfig writable(ProcessConfig process) {
    ScheduleConfig schedule = process.schedule();
    if (DiffusersPipeline.knows(schedule)) {
      return process;
    }
    return new ProcessConfig(
        schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled
            ? new ScheduleConfig.ZeroTerminalSnr(table(rescaled.of()))
            : table(schedule),
        process.prediction(),
        process.variance(),
        process.x0Range());
  }

  private static ScheduleConfig.Table table(ScheduleConfig schedule) {
    double[] betas = FromConfig.schedule(schedule).betas();
    return new ScheduleConfig.Table(Arrays.stream(betas).boxed().toList());
  }

  /** Returns the model with the averaged weights; it belongs to this run. */
  public DiffusionModel model() {
    return new DiffusionModel(trainer.average(), config.process());
  }

  /** Returns the trainer. */
  public Trainer trainer() {
    return trainer;
  }

  private static void requireFit(ExperimentConfig config, Dataset data) {
    if (config.model() instanceof ImageModelConfig model && data instanceof ImageDataset images) {
      requireFit(model, images);
    } else if (!(config.model() instanceof MlpConfig mlp
        && data instanceof PointDataset points
        && points.dimensions() == mlp.dimensions())) {
      throw new UserException(
          "the data are %s; the model takes samples of shape %s"
              .formatted(
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
          "the images are %s; the model takes %d channels of %d x %d"
              .formatted(shape, model.channels(), model.size(), model.imageWidth()));
    }
    Labels.requireClasses(model);
    Optional<Integer> classes = model.classes();
    if (classes.isPresent() && data.classNames().size() > classes.get()) {
      throw new UserException(
          "model.classes is %d; the data have %d classes"
              .formatted(classes.get(), data.classNames().size()));
    }
    if (classes.isPresent() && data.label(0).isEmpty()) {
      throw new UserException("model.classes is set, but the data have no classes");
    }
  }

  @Override
  public void close() {
    trainer.close();
  }
}
