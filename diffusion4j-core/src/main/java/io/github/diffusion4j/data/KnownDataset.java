package io.github.diffusion4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Published data sets that can be opened by name. */
public enum KnownDataset {
  /** MNIST: 60,000 and 10,000 handwritten digits, {@code [1, 28, 28]}. */
  MNIST("mnist", "mnist"),
  /** Fashion-MNIST: 60,000 and 10,000 pieces of clothing, {@code [1, 28, 28]}. */
  FASHION_MNIST("fashion-mnist", "fashion_mnist"),
  /** CIFAR-10: 50,000 and 10,000 photographs, {@code [3, 32, 32]}. */
  CIFAR10("cifar10", "cifar10");

  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final String CIFAR_TEST_FILE = "test_batch.bin";

  private final String id;
  private final String folder;

  KnownDataset(String id, String folder) {
    this.id = id;
    this.folder = folder;
  }

  /** Returns the data set with this name on the command line, such as {@code fashion-mnist}. */
  public static Optional<KnownDataset> named(String id) {
    return Arrays.stream(values()).filter(set -> set.id.equals(id)).findFirst();
  }

  /** Returns the name on the command line. */
  public String id() {
    return id;
  }

  /** Returns the name of the sub-folder that holds the files of this set. */
  public String folder() {
    return folder;
  }

  /**
   * Reads one part from {@code dataDir/folder()} into memory.
   *
   * <p>The files have their published names, {@code .gz} or not. Of CIFAR-10 every {@code .bin}
   * file but {@code test_batch.bin} belongs to the training part, in the order of names.
   *
   * @throws IOException if a file is missing or damaged; the message names it
   */
  public ImageDataset open(Split split, Path dataDir) throws IOException {
    Path files = dataDir.resolve(folder);
    if (!Files.isDirectory(files)) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s has no folder %s with the files of %s", dataDir, folder, id));
    }
    return switch (this) {
      case MNIST -> idxFiles(files, split, EmbeddedDigits.CLASS_NAMES);
      case FASHION_MNIST -> idxFiles(files, split, CLOTHES);
      case CIFAR10 -> CifarFiles.read(cifarFiles(files, split));
    };
  }

  private static ImageDataset idxFiles(Path folder, Split split, List<String> classNames)
      throws IOException {
    String prefix =
        switch (split) {
          case TRAIN -> "train";
          case TEST -> "t10k";
        };
    Path images = zippedOrNot(folder, prefix + "-images-idx3-ubyte");
    Path labels = zippedOrNot(folder, prefix + "-labels-idx1-ubyte");
    return IdxFiles.read(images, labels, classNames);
  }

  private static Path zippedOrNot(Path folder, String name) throws IOException {
    Path plain = folder.resolve(name);
    Path zipped = folder.resolve(name + ".gz");
    if (!Files.exists(plain) && !Files.exists(zipped)) {
      throw new IOException(
          String.format(Locale.ROOT, "%s has no file %s.gz or %s", folder, name, name));
    }
    return Files.exists(plain) ? plain : zipped;
  }

  private static List<Path> cifarFiles(Path folder, Split split) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".bin"))
          .filter(file -> file.endsWith(CIFAR_TEST_FILE) == (split == Split.TEST))
          .sorted()
          .forEach(found::add);
    }
    if (found.isEmpty()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has no file %s",
              folder,
              split == Split.TEST ? CIFAR_TEST_FILE : "data_batch_1.bin …"));
    }
    return found;
  }
}
