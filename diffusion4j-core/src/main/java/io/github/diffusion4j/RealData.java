package io.github.diffusion4j;

import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.KnownDataset;
import io.github.diffusion4j.data.NpzFile;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Opens what generated images are compared with: a known set by name, images in files, exactly as
 * they are, or a statistics file.
 *
 * @param datasets where known sets come from
 * @param progress hears of long readings
 */
public record RealData(Datasets datasets, Progress progress) {
  private static final String EMBEDDED = "digits";
  private static final List<String> NAMES = List.of(EMBEDDED, "mnist", "fashion-mnist", "cifar10");

  /**
   * Opens real images.
   *
   * @param source a name or a path
   * @param split which part of a known set; usual is what models are trained on, {@code TRAIN}
   * @param heldOut other images, by name or path; where this is empty, the test part of a known set
   *     whose training part is compared with
   * @throws UserException if there are no such images
   */
  public RealImages open(String source, Optional<Split> split, Optional<String> heldOut)
      throws IOException {
    if (isStatistics(source)) {
      requireNone(source, split, heldOut);
      return new RealImages.Summarized(StatisticsFile.read(Path.of(source)), source);
    }
    Optional<ImageSource> others = Optional.empty();
    if (heldOut.isPresent()) {
      others = Optional.of(images("--held-out", heldOut.get(), Split.TEST));
    } else if (KnownDataset.named(source).isPresent() && split.orElse(Split.TRAIN) == Split.TRAIN) {
      others = Optional.of(images("--data", source, Split.TEST));
    }
    if (split.isPresent() && KnownDataset.named(source).isEmpty()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--split is %s; allowed only for mnist, fashion-mnist and cifar10, not for %s",
              split.get().name().toLowerCase(Locale.ROOT),
              source));
    }
    return new RealImages.Known(images("--data", source, split.orElse(Split.TRAIN)), others);
  }

  private static void requireNone(String source, Optional<Split> split, Optional<String> heldOut) {
    if (split.isPresent() || heldOut.isPresent()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is given, but --data is %s, a statistics file, which has no images; allowed with it: none",
              split.isPresent() ? "--split" : "--held-out",
              source));
    }
  }

  private ImageSource images(String option, String source, Split split) throws IOException {
    if (source.equals(EMBEDDED)) {
      ImageDataset digits = EmbeddedDigits.load();
      return new StoredImages(digits, EMBEDDED);
    }
    Optional<KnownDataset> known = KnownDataset.named(source);
    if (known.isPresent()) {
      return new StoredImages(
          datasets.open(known.get(), split),
          String.format(Locale.ROOT, "%s (%s)", source, split.name().toLowerCase(Locale.ROOT)));
    }
    Path path = Path.of(source);
    if (!Files.exists(path)) {
      String meant =
          Nearest.of(source, NAMES)
              .map(name -> String.format(Locale.ROOT, " did you mean %s?", name))
              .orElse("");
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is %s, which does not exist;%s allowed: %s, a folder or zip of images, a .npz or .npy of images, or a .npz of statistics",
              option,
              source,
              meant,
              String.join(", ", NAMES)));
    }
    return new StoredImages(SampleFiles.open(path, progress), source);
  }

  private static boolean isStatistics(String source) throws IOException {
    return FileEnding.is(source, ".npz")
        && Files.isRegularFile(Path.of(source))
        && NpzFile.names(Path.of(source)).contains("mu");
  }
}
