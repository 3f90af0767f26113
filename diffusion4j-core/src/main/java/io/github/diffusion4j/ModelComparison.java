package io.github.diffusion4j;

import io.github.diffusion4j.ModelLikelihood.BoundOptions;
import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.baseline.LatentVariableModel;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
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
 * @param choice how diffusion models are sampled; others draw in one pass
 * @param boundImages on how many images bounds are measured; 0 measures none
 */
public record ModelComparison(
    Evaluation evaluation,
    RealImages real,
    Set<Metric> metrics,
    int samples,
    long seed,
    int batch,
    SamplingChoice choice,
    int boundImages) {
  /** Images in the picture of each model. */
  public static final int SHOWN = 64;

  private static final int COLUMNS = 8;
  private static final int LOOKS = 20;

  /** Draws from the model in {@code folder} and measures it. */
  public ComparedModel measure(Path folder) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    boolean isDiffusion = BaselineFolder.family(resolved).isEmpty();
    try (ImageGenerator generator =
        ImageGenerators.open(resolved, isDiffusion ? choice : SamplingChoice.OF_THE_MODEL)) {
      GeneratedImages images =
          new GeneratedImages(
              generator, ImageGenerators.fingerprint(resolved), samples, seed, batch);
      EvaluationReport report = evaluation.measure(images, Optional.of(real), metrics, seed);
      long start = System.nanoTime();
      BufferedImage picture = picture(generator);
      double seconds = (System.nanoTime() - start) * 1e-9;
      return new ComparedModel(
          String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
          generator.manner(),
          generator.parameters(),
          report,
          classes(images),
          trainingSeconds(resolved),
          seconds / SHOWN,
          bound(resolved),
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

  /** A checkpoint lies two folders below the log of its run. */
  private static Optional<Double> trainingSeconds(Path checkpoint) throws IOException {
    Path checkpoints = checkpoint.toAbsolutePath().getParent();
    if (checkpoints == null || checkpoints.getParent() == null) {
      return Optional.empty();
    }
    List<StepReport> log = new RunDirectory(checkpoints.getParent()).logged();
    return log.isEmpty() ? Optional.empty() : Optional.of(log.get(log.size() - 1).elapsedSeconds());
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
