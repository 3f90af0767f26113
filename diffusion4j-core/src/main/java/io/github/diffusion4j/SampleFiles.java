package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ArrayFiles;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageFolder;
import io.github.diffusion4j.data.ImageZip;
import io.github.diffusion4j.data.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens images that were drawn elsewhere, exactly as they are. */
public final class SampleFiles {
  private SampleFiles() {}

  /**
   * Opens a folder or zip archive of images, or a {@code .npz} or {@code .npy} array of bytes.
   *
   * @throws UserException if there is nothing of the name, or its ending is another
   * @throws IOException if there is no image, or they are corrupt or of different shapes
   */
  public static ImageDataset open(Path path, Progress progress) throws IOException {
    if (!Files.exists(path)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s does not exist; allowed: a folder or zip of images, or a .npz or .npy array",
              path));
    }
    if (Files.isDirectory(path)) {
      return ImageFolder.open(path, progress);
    } else if (FileEnding.is(path, ".zip")) {
      return ImageZip.open(path, progress);
    } else if (FileEnding.is(path, ".npz") || FileEnding.is(path, ".npy")) {
      return ArrayFiles.open(path);
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "%s is a file of another kind; allowed: a folder, .zip, .npz or .npy",
            path));
  }
}
