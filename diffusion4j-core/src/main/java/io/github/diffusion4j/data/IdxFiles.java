package io.github.diffusion4j.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the IDX files of MNIST and its relatives, plain or compressed with gzip.
 *
 * <p>An IDX file is a magic number (two zero bytes, 8 for unsigned bytes, the number of
 * dimensions), the extents as big-endian 32-bit numbers, and the elements in row-major order.
 */
public final class IdxFiles {
  private static final int LABELS_MAGIC = 0x00000801;
  private static final int IMAGES_MAGIC = 0x00000803;
  private static final int GZIP_MAGIC = 0x1f8b;

  private IdxFiles() {}

  /**
   * Reads the images of one file and the labels of another.
   *
   * @param classNames the names of the classes 0, 1, …
   * @throws IOException if a file is missing, damaged, too short, too long or not of this format,
   *     or the two do not have the same count
   */
  public static ImageDataset read(Path images, Path labels, List<String> classNames)
      throws IOException {
    try (InputStream imageBytes = Files.newInputStream(images);
        InputStream labelBytes = Files.newInputStream(labels)) {
      return read(imageBytes, images.toString(), labelBytes, labels.toString(), classNames);
    }
  }

  /**
   * Reads images without labels.
   *
   * @throws IOException if the file is missing, damaged, too short, too long or not of this format
   */
  public static ImageDataset read(Path images) throws IOException {
    try (InputStream bytes = Files.newInputStream(images)) {
      Content content = content(bytes, images.toString(), IMAGES_MAGIC);
      return InMemoryDataset.of(content.imageShape(), content.elements);
    }
  }

  /** Reads both from streams; the names are for messages. */
  static ImageDataset read(
      InputStream images,
      String imagesName,
      InputStream labels,
      String labelsName,
      List<String> classNames)
      throws IOException {
    Content image = content(images, imagesName, IMAGES_MAGIC);
    Content label = content(labels, labelsName, LABELS_MAGIC);
    if (image.extents[0] != label.extents[0]) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has %d images, but %s has %d labels",
              imagesName,
              image.extents[0],
              labelsName,
              label.extents[0]));
    }
    try {
      return InMemoryDataset.labeled(
          image.imageShape(), image.elements, label.elements, classNames);
    } catch (IllegalArgumentException e) {
      throw new IOException(labelsName + ": " + e.getMessage(), e);
    }
  }

  private static Content content(InputStream source, String name, int magic) throws IOException {
    try (DataInputStream in = new DataInputStream(unzipped(source))) {
      int found = in.readInt();
      if (found != magic) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s is not an IDX file of %s: its magic number is 0x%08x instead of 0x%08x",
                name,
                magic == IMAGES_MAGIC ? "images" : "labels",
                found,
                magic));
      }
      int[] extents = new int[magic & 0xff];
      long count = 1;
      for (int i = 0; i < extents.length; i++) {
        extents[i] = in.readInt();
        count = extents[i] < 1 ? 0 : Math.multiplyExact(count, extents[i]);
      }
      if (count < 1 || count > Integer.MAX_VALUE - 8) {
        throw new IOException(
            String.format(Locale.ROOT, "%s says that it holds %d elements", name, count));
      }
      byte[] elements = in.readNBytes((int) count); // grows as it reads: a lying header is harmless
      if (elements.length < count) {
        throw new EOFException();
      }
      if (in.read() >= 0) {
        throw new IOException(
            String.format(Locale.ROOT, "%s is longer than its header says", name));
      }
      return new Content(extents, elements);
    } catch (EOFException e) {
      throw new IOException(
          String.format(Locale.ROOT, "%s is shorter than its header says", name), e);
    } catch (ZipException | ArithmeticException e) {
      throw new IOException(
          String.format(Locale.ROOT, "%s is damaged: %s", name, e.getMessage()), e);
    }
  }

  private static InputStream unzipped(InputStream source) throws IOException {
    BufferedInputStream in = new BufferedInputStream(source, 1 << 16);
    in.mark(2);
    int start = in.read() << 8 | in.read();
    in.reset();
    return start == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static final class Content {
    final int[] extents;
    final byte[] elements;

    Content(int[] extents, byte[] elements) {
      this.extents = extents;
      this.elements = elements;
    }

    ImageShape imageShape() {
      return new ImageShape(1, extents[1], extents[2]);
    }
  }
}
