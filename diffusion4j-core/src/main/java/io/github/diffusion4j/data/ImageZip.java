package io.github.diffusion4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Opens a zip archive of PNG, JPEG, WebP, BMP and GIF files, without unpacking it. */
public final class ImageZip {
  private ImageZip() {}

  /**
   * Reads every image once, to know the corrupt ones. The archive stays open as long as the set is
   * in use, if the images do not fit into memory.
   *
   * @throws IOException if the archive cannot be read or has no readable image, or a file in it is
   *     corrupt and the options say to stop
   */
  public static ImageFiles open(Path archive, ImageOptions options, Progress progress)
      throws IOException {
    return open(
        archive,
        (name, found) -> ImageFiles.open(name, found.images, found.ignored, options, progress));
  }

  /**
   * Reads every image as it is; all must be sound and of one shape. Files with three equal
   * channels, as gray images are often written, have one if they are all so.
   *
   * @throws IOException if the archive cannot be read or has no image, or one of them is corrupt or
   *     of another shape than the first
   */
  public static ImageDataset open(Path archive, Progress progress) throws IOException {
    return GrayImages.reduced(
        open(
            archive,
            (name, found) -> ImageFiles.open(name, found.images, found.ignored, progress)));
  }

  /** The entries that are named like images, by name, and how many are not. */
  private record Found(List<EncodedImage> images, int ignored) {}

  /** Reads what was found in the archive of the given name. */
  private interface Reading {
    ImageFiles read(String name, Found found) throws IOException;
  }

  private static ImageFiles open(Path archive, Reading reading) throws IOException {
    if (!Files.isRegularFile(archive)) {
      throw new IOException(archive + " is not a file");
    }
    ZipFile zip = zipFile(archive);
    try {
      return reading.read(zip.getName(), find(zip));
    } catch (IOException e) {
      zip.close();
      throw e;
    }
  }

  private static Found find(ZipFile zip) {
    List<EncodedImage> images = new ArrayList<>();
    int ignored = 0;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (entry.isDirectory() || EncodedImage.isHidden(entry.getName())) {
        continue;
      }
      if (ImageFormat.hasImageName(entry.getName())) {
        images.add(new EncodedImage(entry.getName(), () -> bytes(zip, entry)));
      } else {
        ignored++;
      }
    }
    images.sort(Comparator.comparing(EncodedImage::name));
    return new Found(images, ignored);
  }

  private static ZipFile zipFile(Path archive) throws IOException {
    try {
      return new ZipFile(archive.toFile());
    } catch (ZipException e) {
      throw new IOException(archive + " is not a zip archive: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readAllBytes();
    }
    CRC32 checksum = new CRC32(); // ZipFile does not look at it
    checksum.update(bytes);
    if (checksum.getValue() != entry.getCrc()) {
      throw new IOException("wrong checksum in the archive");
    }
    return bytes;
  }
}
