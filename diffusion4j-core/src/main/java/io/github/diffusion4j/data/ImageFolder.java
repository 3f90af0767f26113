package io.github.diffusion4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Opens a folder of PNG, JPEG, WebP, BMP and GIF files, with those in its sub-folders. */
public final class ImageFolder {
  private ImageFolder() {}

  /**
   * Reads every image once, to know the corrupt ones.
   *
   * @throws IOException if the folder cannot be read or has no readable image, or a file is corrupt
   *     and the options say to stop
   */
  public static ImageFiles open(Path folder, ImageOptions options, Progress progress)
      throws IOException {
    Found found = find(folder);
    return ImageFiles.open(folder.toString(), found.images, found.ignored, options, progress);
  }

  /**
   * Reads every image as it is; all must be sound and of one shape. Files with three equal
   * channels, as gray images are often written, have one if they are all so.
   *
   * @throws IOException if the folder cannot be read or has no image, or one of them is corrupt or
   *     of another shape than the first
   */
  public static ImageDataset open(Path folder, Progress progress) throws IOException {
    Found found = find(folder);
    return GrayImages.reduced(
        ImageFiles.open(folder.toString(), found.images, found.ignored, progress));
  }

  /** The files that are named like images, by name, and how many are not. */
  private record Found(List<EncodedImage> images, int ignored) {}

  private static Found find(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is not a folder");
    }
    List<EncodedImage> images = new ArrayList<>();
    int ignored = 0;
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      if (EncodedImage.isHidden(name)) {
        continue;
      }
      if (ImageFormat.hasImageName(name)) {
        images.add(new EncodedImage(name, () -> Files.readAllBytes(file)));
      } else {
        ignored++;
      }
    }
    images.sort(Comparator.comparing(EncodedImage::name)); // file systems have orders of their own
    return new Found(images, ignored);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
