package io.github.diffusion4j.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Handwritten digits that come with the library: the first 10,000 images of MNIST's training split,
 * {@code [1, 28, 28]}, white on black, with the classes 0…9.
 *
 * <p>The data are by LeCun, Cortes and Burges, under CC BY-SA 3.0; see the NOTICE file.
 */
public final class EmbeddedDigits {
  /** The names of the ten classes, in order. */
  public static final List<String> CLASS_NAMES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private static final String IMAGES = "digits-images-idx3-ubyte.gz";
  private static final String LABELS = "digits-labels-idx1-ubyte.gz";

  private EmbeddedDigits() {}

  /**
   * Reads the digits into memory, about 8 MB.
   *
   * @throws IOException if the resource is missing or damaged
   */
  public static ImageDataset load() throws IOException {
    try (InputStream images = resource(IMAGES);
        InputStream labels = resource(LABELS)) {
      return IdxFiles.read(images, IMAGES, labels, LABELS, CLASS_NAMES);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = EmbeddedDigits.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException("resource " + name + " is missing from the library");
    }
    return stream;
  }
}
