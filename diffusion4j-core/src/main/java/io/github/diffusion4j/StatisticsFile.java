package io.github.diffusion4j;

import io.github.diffusion4j.data.NpzFile;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads and writes the {@code .npz} files in which programs that compute FID keep the statistics of
 * real images: {@code mu} and {@code sigma}, with or without {@code mu_s} and {@code sigma_s}.
 */
public final class StatisticsFile {
  private StatisticsFile() {}

  /**
   * Reads a file; arrays of other names, such as the images in those of guided-diffusion, are not.
   *
   * @throws IOException if the file cannot be read, is damaged, or holds no statistics
   */
  public static ReferenceStatistics read(Path file) throws IOException {
    try (Scope scope = Scope.open()) {
      return ReferenceStatistics.of(
          NpzFile.read(file, ReferenceStatistics.wanted(NpzFile.names(file))));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes a file in F64, which is seen complete or not at all. */
  public static void write(Path file, ReferenceStatistics statistics) throws IOException {
    try (Scope scope = Scope.open()) {
      NpzFile.write(file, statistics.tensors());
    }
  }
}
