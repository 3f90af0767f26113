package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.ModelCard;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.image.PlanarImages;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.DivergedException;
import io.github.diffusion4j.training.LoggedDivergence;
import io.github.diffusion4j.training.LoggedEvaluation;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.Trainer;
import io.github.diffusion4j.training.TrainingListener;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A training with its run directory, whatever it trains: log, sample grids and checkpoints are
 * written while it goes.
 */
public abstract sealed class Run implements AutoCloseable permits TrainingRun, BaselineRun {
  private static final int KEPT_CHECKPOINTS = 3;

  private RunConfig config;
  private final Dataset data;
  private final Trainer trainer;
  private final RunDirectory directory;
  private final Checkpoints checkpoints;
  private final Optional<TrainingEvaluation> evaluation;
  private Optional<LoggedEvaluation> best = Optional.empty();
  private long checkpointedStep = -1;
  private Optional<Path> returnedTo = Optional.empty();

  Run(RunConfig config, Dataset data, Trainer trainer, Path folder) {
    this(config, data, trainer, folder, Optional.empty());
  }

  Run(
      RunConfig config,
      Dataset data,
      Trainer trainer,
      Path folder,
      Optional<TrainingEvaluation> evaluation) {
    this.config = config;
    this.evaluation = evaluation;
    this.data = data;
    this.trainer = trainer;
    this.directory = new RunDirectory(folder);
    this.checkpoints = Checkpoints.of(folder);
  }

  /**
   * Begins a training in a new or empty directory.
   *
   * @throws UserException if the directory already holds a run, or data and model do not fit
   */
  public static Run begin(RunConfig config, Dataset data, Path folder) throws IOException {
    return config instanceof BaselineConfig other
        ? BaselineRun.start(other, images(data), folder)
        : TrainingRun.start((ExperimentConfig) config, data, folder);
  }

  /**
   * Goes on from the latest checkpoint of a run directory, exactly as if it had never stopped.
   *
   * @param config the configuration of the run; its budget may differ from before
   * @throws UserException if there is no checkpoint, or the data, the network or the kind of
   *     optimizer are not those of before
   */
  public static Run goOn(RunConfig config, Dataset data, Path folder) throws IOException {
    return config instanceof BaselineConfig other
        ? BaselineRun.resume(other, images(data), folder)
        : TrainingRun.resume((ExperimentConfig) config, data, folder);
  }

  private static ImageDataset images(Dataset data) {
    if (data instanceof ImageDataset images) {
      return images;
    }
    throw new UserException("the data are points; allowed for this family: images");
  }

  /** Returns the newest checkpoint of a run directory. */
  static Path latest(Path folder) throws IOException {
    return Checkpoints.of(folder)
        .latest()
        .orElseThrow(() -> new UserException(folder + " holds no checkpoint to resume from"));
  }

  /** Takes over where a checkpoint of this very training stopped. */
  final void takeOver(TrainingState state) throws IOException {
    takeOver(state, state.progress().elapsedSeconds());
  }

  private void takeOver(TrainingState state, double elapsedSeconds) throws IOException {
    trainer.restore(state.progress().step(), elapsedSeconds, state.tensors());
    directory.forgetAfter(trainer.step());
    checkpointedStep = trainer.step();
    if (evaluation.isPresent()) {
      findBest(evaluation.get());
      measureIfMissing(evaluation.get());
    }
  }

  /** The log knows the best, even if the last process was killed before it could be named. */
  private void findBest(TrainingEvaluation evaluation) throws IOException {
    best =
        directory.evaluations().stream()
            .filter(evaluation::isAlike)
            .filter(one -> checkpoints.at(one.step()).isPresent())
            .min(Comparator.comparingDouble(LoggedEvaluation::value));
    if (best.isPresent()) {
      checkpoints.markBest(best.get().step());
    }
  }

  /** The last process may have been killed after the checkpoint and before it was measured. */
  private void measureIfMissing(TrainingEvaluation evaluation) throws IOException {
    if (evaluation.isDue(trainer.step())
        && directory.evaluations().stream().noneMatch(one -> one.step() == trainer.step())) {
      evaluate(evaluation);
    }
  }

  /**
   * Refuses to go on with other samples, or with vectors that mean something else.
   *
   * @param kept beginnings of the paths of options that may not change
   */
  static void requireSame(TrainingState state, RunConfig config, Dataset data, List<String> kept) {
    if (!state.dataFingerprint().equals(data.fingerprint())) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the data have fingerprint %s; this run was trained on %s",
              data.fingerprint(),
              state.dataFingerprint()));
    }
    List<String> differences =
        ConfigFiles.differences(state.config(), config).stream()
            .filter(path -> kept.stream().anyMatch(path::startsWith))
            .toList();
    if (!differences.isEmpty()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the configuration differs from that of the run in %s; a resumed run keeps its network, its optimizer, its history of losses and how it is measured",
              String.join(", ", differences)));
    }
  }

  /**
   * Trains until the budget is spent or {@code stop} says so, and saves a checkpoint.
   *
   * <p>A training that diverges goes back to its last good checkpoint, and on from there with a
   * lower learning rate, as {@code training.onDivergence} says.
   *
   * @throws RunDivergedException if it diverged, and does not go back, or no more
   */
  public final void train(BooleanSupplier stop, TrainingListener listener) throws IOException {
    if (trainer.step() == 0 && config.afterDivergence().isPresent()) {
      saveCheckpoint(); // there is always one to go back to
    }
    boolean isOver = false;
    while (!isOver) {
      try {
        trainOn(stop, listener);
        isOver = true;
      } catch (DivergedException e) {
        listener.onDivergence(goBack(e));
      }
    }
  }

  private void trainOn(BooleanSupplier stop, TrainingListener listener) throws IOException {
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

  /** Drops what is bad, and goes back to what is good if that is wanted. */
  private LoggedDivergence goBack(DivergedException problem) throws IOException {
    Optional<Path> good = dropBad(problem.firstStep());
    double peak = config.training().learningRate().peak();
    Optional<RunConfig> next = good.flatMap(checkpoint -> config.afterDivergence());
    LoggedDivergence event =
        new LoggedDivergence(
            problem.step(),
            String.valueOf(problem.getMessage()),
            problem.loss(),
            problem.gradientNorm(),
            peak,
            next.flatMap(lower -> good.map(Checkpoints::step)),
            next.map(lower -> lower.training().learningRate().peak()));
    directory.log(event);
    if (good.isEmpty() || next.isEmpty()) {
      throw new RunDivergedException(directory.folder(), good, peak, problem);
    }
    config = next.get();
    trainer.changeLearningRate(config.training().learningRate());
    returnedTo = good;
    try (Scope scope = Scope.open()) {
      takeOver(TrainingState.read(good.get()), trainer.elapsedSeconds()); // time is spent
    }
    return event;
  }

  /** Returns the newest checkpoint from before {@code firstBad}, which is made the latest. */
  private Optional<Path> dropBad(long firstBad) throws IOException {
    checkpointedStep = -1;
    checkpoints.forgetFrom(firstBad);
    Optional<Path> good = checkpoints.before(firstBad);
    if (good.isPresent() && good.equals(returnedTo)) { // from there it diverged before
      long step = Checkpoints.step(good.get());
      Optional<Path> older = checkpoints.before(step);
      if (older.isPresent()) {
        checkpoints.forgetFrom(step);
        return older;
      }
    }
    return good;
  }

  private void record(StepReport report) {
    try {
      if (isDue(report, config.reporting().logEverySteps())) {
        directory.log(report);
      }
      if (isDue(report, config.reporting().sampleEverySteps())) {
        writeSamples();
      }
      if (evaluation.isPresent() && evaluation.get().isDue(report.step())) {
        evaluate(evaluation.get());
      }
      if (isDue(report, config.reporting().checkpointEverySteps())) {
        saveCheckpoint();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Measures the averaged weights. The checkpoint comes first, for measuring may take longer than a
   * process that is told to stop has time; that of the best so far stays.
   */
  private void evaluate(TrainingEvaluation evaluation) throws IOException {
    Path checkpoint = saveCheckpoint();
    LoggedEvaluation result = evaluation.measure(trainer.step());
    directory.log(result);
    card(List.of(evaluation.measurement(result))).write(checkpoint);
    if (best.isEmpty() || result.value() < best.get().value()) {
      checkpoints.markBest(result.step());
      best = Optional.of(result);
    }
  }

  private static boolean isDue(StepReport report, int everySteps) {
    return report.step() % everySteps == 0;
  }

  /** Draws samples with the averaged weights, a grid or a scatter plot; returns the file. */
  public final Path writeSamples() throws IOException {
    Path file = directory.samples(trainer.step());
    try (Scope scope = Scope.open()) {
      Png.write(picture(config.reporting().sampleCount()), file);
    }
    return file;
  }

  /** Returns a picture of samples that are drawn with the averaged weights. */
  abstract BufferedImage picture(int count);

  /** Returns images [N, C, H, W] in [−1, 1] as one picture. */
  static BufferedImage grid(Tensor images) {
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
  public final Path saveCheckpoint() throws IOException {
    if (checkpointedStep == trainer.step()) {
      return checkpoints.latest().orElseThrow();
    }
    trainer.requireFinite();
    Path written = checkpoints.write(this::writeModel, trainer.parameterCount(), state());
    if (!trainer.isInDoubt()) {
      checkpoints.prune(KEPT_CHECKPOINTS);
    }
    checkpointedStep = trainer.step();
    return written;
  }

  /** Writes the model with the averaged weights into a folder. */
  abstract void writeModel(Path folder) throws IOException;

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
  public final void publish(List<ModelCard.Measurement> measurements) throws IOException {
    Path checkpoint = saveCheckpoint();
    card(measurements).write(checkpoint);
  }

  private ModelCard card(List<ModelCard.Measurement> measurements) {
    return ModelCard.of(state(), trainer.parameterCount(), measurements);
  }

  /** Returns the trainer. */
  public final Trainer trainer() {
    return trainer;
  }

  @Override
  public final void close() {
    evaluation.ifPresent(TrainingEvaluation::close);
    trainer.close();
  }
}
