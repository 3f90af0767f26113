package io.github.diffusion4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads CIFAR-10's binary files: records of one label byte and 3072 bytes {@code [3, 32, 32]}.
 *
 * <p>The data are by Alex Krizhevsky, "Learning Multiple Layers of Features from Tiny Images",
 * 2009.
 */
public final class CifarFiles {
  /** The shape of the images. */
  public static final ImageShape SHAPE = new ImageShape(3, 32, 32);

  /** The names of the ten classes, in order. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final String NAMES_FILE = "batches.meta.txt";

  private CifarFiles() {}

  /**
   * Reads files one after another into memory.
   *
   * <p>The names of the classes come from {@code batches.meta.txt} beside the first file, where
   * there is one.
   *
   * @throws IOException if a file is missing, or is not a whole number of records with labels that
   *     have names
   */
  public static ImageDataset read(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no CIFAR file was given; allowed: 1 or more");
    }
    List<byte[]> contents = new ArrayList<>();
    int count = 0;
    int record = 1 + SHAPE.pixels();
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0 || content.length % record != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s has %d bytes; CIFAR-10 files have a multiple of %d",
                file,
                content.length,
                record));
      }
      contents.add(content);
      count += content.length / record;
    }
    byte[] labels = new byte[count];
    byte[] pixels = new byte[Math.multiplyExact(count, SHAPE.pixels())];
    int image = 0;
    for (byte[] content : contents) {
      for (int at = 0; at < content.length; at += record, image++) {
        labels[image] = content[at];
        System.arraycopy(content, at + 1, pixels, image * SHAPE.pixels(), SHAPE.pixels());
      }
    }
    try {
      return InMemoryDataset.labeled(SHAPE, pixels, labels, names(files.get(0)));
    } catch (IllegalArgumentException e) {
      throw new IOException(files.get(0) + ": " + e.getMessage(), e);
    }
  }

  private static List<String> names(Path file) throws IOException {
    Path names = file.resolveSibling(NAMES_FILE);
    if (!Files.exists(names)) {
      return CLASS_NAMES;
    }
    return Files.readAllLines(names).stream().map(String::strip).filter(n -> !n.isEmpty()).toList();
  }
}
