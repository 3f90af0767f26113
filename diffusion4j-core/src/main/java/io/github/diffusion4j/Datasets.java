package io.github.diffusion4j;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.DataConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.DatasetDownload;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.Fit;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageFiles;
import io.github.diffusion4j.data.ImageFolder;
import io.github.diffusion4j.data.ImageOptions;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.ImageZip;
import io.github.diffusion4j.data.KnownDataset;
import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.data.OnCorrupt;
import io.github.diffusion4j.data.PointDataset;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens the training images or points that a configuration names. */
public final class Datasets {
  private static final String EMBEDDED = "digits";
  private static final int POINTS = 100_000;

  private final Optional<Path> dataDir;
  private final Progress progress;
  private final List<String> skipped = new ArrayList<>();

  /**
   * A place to open data from.
   *
   * @param dataDir where the known sets lie; empty means they are downloaded once and cached
   */
  public Datasets(Optional<Path> dataDir, Progress progress) {
    this.dataDir = dataDir;
    this.progress = progress;
  }

  /**
   * Opens what the network of an experiment learns from.
   *
   * @throws UserException if there are no such data
   */
  public Dataset open(RunConfig config) throws IOException {
    if (config instanceof BaselineConfig other) {
      return open(config.data(), shape(other.family()));
    }
    ExperimentConfig diffusion = (ExperimentConfig) config;
    return diffusion.model() instanceof MlpConfig mlp
        ? points(diffusion, mlp)
        : open(config.data(), diffusion.images());
  }

  private static ImageShape shape(ImageModelConfig model) {
    return new ImageShape(model.channels(), model.size(), model.imageWidth());
  }

  /** Returns the shape of the images that the models of a family make. */
  public static ImageShape shape(FamilyConfig family) {
    return new ImageShape(family.channels(), family.size(), family.size());
  }

  /** Draws points, {@value #POINTS} unless the configuration limits them. */
  private static PointDataset points(ExperimentConfig config, MlpConfig model) {
    int count = config.data().limit().orElse(POINTS);
    return distribution(config.data(), model).draw(count, Seed.of(config.seed()).derive("points"));
  }

  /**
   * Returns the distribution that a network for points learns.
   *
   * @throws UserException if there is no such distribution, or it has other dimensions
   */
  public static KnownPoints distribution(DataConfig config, MlpConfig model) {
    return KnownPoints.named(config.source())
        .filter(known -> known.dimensions() == model.dimensions())
        .orElseThrow(
            () ->
                new UserException(
                    String.format(
                        Locale.ROOT,
                        "data.source is %s; allowed for a network of kind mlp with model.dimensions = %d: %s",
                        config.source(),
                        model.dimensions(),
                        String.join(", ", KnownPoints.names(model.dimensions())))));
  }

  /**
   * Opens the training part of the data, in the shape that the model takes.
   *
   * @throws UserException if there are no such data
   */
  public ImageDataset open(DataConfig config, ImageModelConfig model) throws IOException {
    return open(config, shape(model));
  }

  private ImageDataset open(DataConfig config, ImageShape shape) throws IOException {
    ImageDataset all = all(config, shape);
    int limit = config.limit().orElse(all.size());
    return limit < all.size() ? all.take(limit) : all;
  }

  /**
   * Opens one part of the data called {@code source}, to measure a model on: a known set, or a
   * folder or zip of images.
   *
   * @param split which part; empty means the test part where there are two, and everything where
   *     there is one
   * @throws UserException if there are no such data, or no such part of them
   */
  public ImageDataset open(String source, Optional<Split> split, ImageModelConfig model)
      throws IOException {
    return open(source, split, shape(model));
  }

  /** As the other, for images of a given shape. */
  public ImageDataset open(String source, Optional<Split> split, ImageShape shape)
      throws IOException {
    Optional<KnownDataset> known = KnownDataset.named(source);
    if (known.isPresent()) {
      return open(known.get(), split.orElse(Split.TEST));
    }
    if (split.equals(Optional.of(Split.TEST))) {
      throw new UserException(
          String.format(
              Locale.ROOT, "split is test; allowed for %s, which is all one part: train", source));
    }
    DataConfig whole =
        new DataConfig(
            source,
            DataConfig.Fit.CROP,
            DataConfig.Flip.NONE,
            DataConfig.Corrupt.STOP,
            Optional.empty());
    return all(whole, shape);
  }

  private ImageDataset all(DataConfig config, ImageShape shape) throws IOException {
    if (config.source().equals(EMBEDDED)) {
      return EmbeddedDigits.load();
    }
    Optional<KnownDataset> known = KnownDataset.named(config.source());
    if (known.isPresent()) {
      return open(known.get(), Split.TRAIN);
    }
    return files(find(config.source()), options(config, shape));
  }

  /** A path as it is, or below the data directory; a folder with nothing but one zip is the zip. */
  private Path find(String source) throws IOException {
    Path asGiven = Path.of(source);
    Path path =
        Files.exists(asGiven)
            ? asGiven
            : dataDir.map(folder -> folder.resolve(source)).filter(Files::exists).orElse(asGiven);
    if (!Files.isDirectory(path)) {
      return path;
    }
    try (Stream<Path> children = Files.list(path)) {
      List<Path> found = children.toList();
      return found.size() == 1 && FileEnding.is(found.get(0), ".zip") ? found.get(0) : path;
    }
  }

  /** Opens one part of a known set. */
  public ImageDataset open(KnownDataset set, Split split) throws IOException {
    if (dataDir.isPresent()) {
      return set.open(split, dataDir.get());
    }
    Path cache = DatasetDownload.defaultCache(System.getenv());
    return set.open(split, new DatasetDownload(cache, progress).fetch(set));
  }

  private ImageDataset files(Path path, ImageOptions options) throws IOException {
    if (!Files.exists(path)) {
      if (KnownPoints.named(path.toString()).isPresent()) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "data.source is %s, which are points; allowed for a network of images: images. Points are learned with --preset toy2d",
                path));
      }
      throw new UserException(
          String.format(
              Locale.ROOT,
              "data.source is %s, which does not exist; allowed: digits, mnist, fashion-mnist, cifar10, or a folder or zip file of images",
              path));
    }
    ImageFiles images =
        Files.isDirectory(path)
            ? ImageFolder.open(path, options, progress)
            : ImageZip.open(path, options, progress);
    skipped.addAll(images.skipped());
    return images;
  }

  private static ImageOptions options(DataConfig config, ImageShape shape) {
    Fit fit =
        switch (config.fit()) {
          case CROP -> Fit.CROP;
          case STRETCH -> Fit.STRETCH;
        };
    OnCorrupt onCorrupt =
        switch (config.onCorrupt()) {
          case SKIP -> OnCorrupt.SKIP;
          case STOP -> OnCorrupt.STOP;
        };
    return ImageOptions.of(shape).withFit(fit).withOnCorrupt(onCorrupt);
  }

  /** Returns the corrupt files that were left out, with the reason for each. */
  public List<String> skipped() {
    return List.copyOf(skipped);
  }
}
