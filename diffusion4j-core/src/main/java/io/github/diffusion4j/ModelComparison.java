package io.github.diffusion4j;

import io.github.diffusion4j.ModelLikelihood.BoundOptions;
import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.baseline.LatentVariableModel;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Measures models of any family in the same way: the same number of samples, seed, real images and
 * network.
 *
 * @param evaluation the network and the cache
 * @param real what they are compared with; a bound is measured on its held-out images
 * @param metrics what is measured
 * @param samples how many images each draws
 * @param seed of samples and subsets
 * @param batch images drawn at once
 * @param drawing how diffusion models draw; others draw in one pass
 * @param boundImages on how many images bounds are measured; 0 measures none
 */
public record ModelComparison(
    Evaluation evaluation,
    RealImages real,
    Set<Metric> metrics,
    int samples,
    long seed,
    int batch,
    DrawingOptions drawing,
    int boundImages) {
  /** Images in the picture of each model. */
  public static final int SHOWN = 64;

  private static final int COLUMNS = 8;
  private static final int LOOKS = 20;

  /**
   * Returns a name for each of several folders: its own, with those above it where others have the
   * same.
   */
  public static List<String> names(List<Path> folders) {
    List<Path> whole = folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
    return whole.stream().map(folder -> name(folder, whole)).toList();
  }

  private static String name(Path folder, List<Path> all) {
    for (int parts = 1; parts <= folder.getNameCount(); parts++) {
      Path end = folder.subpath(folder.getNameCount() - parts, folder.getNameCount());
      if (all.stream().noneMatch(other -> !other.equals(folder) && other.endsWith(end))) {
        return end.toString();
      }
    }
    return folder.toString();
  }

  /**
   * Opens the model in {@code folder} and checks that {@link #measure} will be able to measure it.
   *
   * @return how it will be sampled, if it is a diffusion model
   * @throws UserException as {@link Evaluation#require}, or if it cannot be sampled so
   */
  public Optional<SamplingChoice.Way> require(Path folder) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    try (ImageGenerator generator = open(resolved)) {
      evaluation.require(images(generator, resolved), Optional.of(real), metrics);
      return generator instanceof DiffusionGenerator diffusion
          ? Optional.of(diffusion.way())
          : Optional.empty();
    }
  }

  private ImageGenerator open(Path resolved) throws IOException {
    boolean isDiffusion = BaselineFolder.family(resolved).isEmpty();
    return ImageGenerators.open(resolved, isDiffusion ? drawing : DrawingOptions.OF_THE_MODEL);
  }

  private GeneratedImages images(ImageGenerator generator, Path resolved) throws IOException {
    return new GeneratedImages(
        generator, ImageGenerators.fingerprint(resolved), samples, seed, batch);
  }

  /** Draws from the model in {@code folder}, to be called {@code name}, and measures it. */
  public ComparedModel measure(String name, Path folder) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    try (ImageGenerator generator = open(resolved)) {
      GeneratedImages images = images(generator, resolved);
      EvaluationReport report = evaluation.measure(images, Optional.of(real), metrics, seed);
      long start = System.nanoTime();
      BufferedImage picture = picture(generator);
      double seconds = (System.nanoTime() - start) * 1e-9;
      Optional<BitsPerDimension> bound = Optional.empty();
      try {
        bound = bound(resolved);
      } catch (UserException | IllegalArgumentException e) { // all the rest is worth a report
        report = report.with("no bound: " + e.getMessage());
      }
      return new ComparedModel(
          name,
          generator.description(),
          generator.parameters(),
          report,
          classes(images),
          trainingSeconds(resolved),
          seconds / SHOWN,
          bound,
          picture);
    }
  }

  private BufferedImage picture(ImageGenerator generator) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor images = generator.draw(0, SHOWN, Seed.of(seed));
      return ImageGrid.ofColumns(COLUMNS).withScale(2).draw(Run.planar(images));
    }
  }

  /** What the network reads in the samples, whose features lie in the cache by now. */
  private List<Integer> classes(ImageSource images) throws IOException {
    ExtractedFeatures features = evaluation.extraction().read(images, evaluation.net());
    if (features.logits().isEmpty()) {
      return List.of();
    }
    int[] counts = new int[evaluation.net().classes()];
    try (Scope scope = Scope.open()) {
      for (long read : features.logits().get().rows().argmax().toLongs()) {
        counts[(int) read]++;
      }
    }
    List<Integer> classes = new ArrayList<>();
    for (int count : counts) {
      classes.add(count);
    }
    return classes;
  }

  /** The run may have gone on after the checkpoint. */
  private static Optional<Double> trainingSeconds(Path checkpoint) throws IOException {
    Optional<TrainingState.Progress> reached = TrainingState.progress(checkpoint);
    if (reached.isEmpty() || reached.get().elapsedSeconds() > 0) {
      return reached.map(TrainingState.Progress::elapsedSeconds);
    }
    return loggedSeconds(checkpoint, reached.get().step());
  }

  /** A checkpoint lies two folders below the log of its run. */
  private static Optional<Double> loggedSeconds(Path checkpoint, long step) throws IOException {
    Path checkpoints = checkpoint.toRealPath().getParent();
    if (checkpoints == null || checkpoints.getParent() == null) {
      return Optional.empty();
    }
    List<StepReport> log =
        new RunDirectory(checkpoints.getParent())
            .logged().stream().filter(report -> report.step() <= step).toList();
    double before = 0; // a run that was resumed counts from 0 again
    double sinceThen = 0;
    for (StepReport report : log) {
      before += report.elapsedSeconds() < sinceThen ? sinceThen : 0;
      sinceThen = report.elapsedSeconds();
    }
    return log.isEmpty() ? Optional.empty() : Optional.of(before + sinceThen);
  }

  private Optional<BitsPerDimension> bound(Path folder) throws IOException {
    if (boundImages < 2
        || !(real instanceof Known known)
        || !(known.heldOut().orElse(null) instanceof StoredImages heldOut)) {
      return Optional.empty();
    }
    return BaselineFolder.family(folder).isEmpty()
        ? Optional.of(ofDiffusion(folder, heldOut.data()))
        : ofBaseline(folder, heldOut.data());
  }

  private BitsPerDimension ofDiffusion(Path folder, ImageDataset data) throws IOException {
    try (DiffusionModel model = DiffusionModel.open(folder);
        NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      BoundOptions options =
          new BoundOptions(
              model.process().variance(),
              model.process().x0Range(),
              DiscretizedDecoder.EXACT,
              LOOKS,
              1);
      return new ModelLikelihood(model, data, boundImages, seed).bound(options, done -> {}).total();
    }
  }

  private Optional<BitsPerDimension> ofBaseline(Path folder, ImageDataset data) throws IOException {
    try (Baseline model = Baseline.open(folder)) {
      return model instanceof LatentVariableModel latent
          ? Optional.of(
              BaselineLikelihood.of(latent, data, boundImages, 1, seed, done -> {}).bound())
          : Optional.empty();
    }
  }
}
