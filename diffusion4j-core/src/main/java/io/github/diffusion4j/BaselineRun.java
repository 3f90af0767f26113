package io.github.diffusion4j;

import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.baseline.BaselineTraining;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.Trainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The training of a model that is no diffusion model, with its run directory. */
public final class BaselineRun extends Run {
  private static final List<String> KEPT_OPTIONS = List.of("family.", "training.optimizer.kind");

  private final BaselineConfig config;
  private final Baseline average;

  private BaselineRun(
      BaselineConfig config, ImageDataset data, BaselineTraining training, Path folder) {
    super(config, data, new Trainer(config, data, training.learner()), folder);
    this.config = config;
    this.average = training.average();
  }

  /**
   * Begins a training in a new or empty directory.
   *
   * @throws UserException if the directory already holds a run, or data and model do not fit
   */
  public static BaselineRun start(BaselineConfig config, ImageDataset data, Path folder)
      throws IOException {
    requireFit(config.family(), data);
    EngineCheck.require();
    new RunDirectory(folder).create(config, data.fingerprint());
    return new BaselineRun(config, data, BaselineTraining.of(config), folder);
  }

  /**
   * Goes on from the latest checkpoint of a run directory, exactly as if it had never stopped.
   *
   * @param config the configuration of the run; its budget may differ from before
   * @throws UserException if there is no checkpoint, or the data, the network or the kind of
   *     optimizer are not those of before
   */
  public static BaselineRun resume(BaselineConfig config, ImageDataset data, Path folder)
      throws IOException {
    Path checkpoint = latest(folder);
    requireFit(config.family(), data);
    EngineCheck.require();
    try (Scope scope = Scope.open()) {
      TrainingState state = TrainingState.read(checkpoint);
      requireSame(state, config, data, KEPT_OPTIONS);
      BaselineRun run = new BaselineRun(config, data, BaselineTraining.of(config), folder);
      run.takeOver(state);
      return run;
    }
  }

  private static void requireFit(FamilyConfig family, ImageDataset data) {
    ImageShape wanted = Datasets.shape(family);
    if (!data.shape().equals(wanted)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the images are %s; the model takes %s, as family.channels and family.size say",
              data.shape(),
              wanted));
    }
  }

  @Override
  BufferedImage picture(int count) {
    return grid(average.draw(0, count, Seed.of(0)));
  }

  @Override
  void writeModel(Path folder) throws IOException {
    BaselineFolder.write(folder, config.family(), average.parameters());
  }

  /** Returns the network with the averaged weights; it belongs to this run. */
  public Baseline model() {
    return average;
  }
}
