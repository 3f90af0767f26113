package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Opens the images in NumPy's {@code .npy} and {@code .npz} files: one array of bytes, [N, H, W, C]
 * as other programs write samples, [N, C, H, W] as this one does, or [N, H, W].
 */
public final class ArrayFiles {
  private static final String USUAL_NAME = "arr_0";

  private ArrayFiles() {}

  /**
   * Reads all images into memory.
   *
   * @throws IOException if the file cannot be read, or holds no such array
   */
  public static ImageDataset open(Path file) throws IOException {
    try (Scope scope = Scope.open()) {
      return images(file, FileEnding.is(file, ".npz") ? onlyArray(file) : NpyFile.read(file));
    }
  }

  private static Tensor onlyArray(Path file) throws IOException {
    Set<String> names = NpzFile.names(file);
    if (names.contains("mu") && names.contains("sigma") && !names.contains(USUAL_NAME)) {
      throw new IOException(
          file + " holds statistics; allowed here: images. Statistics are given with --data");
    }
    if (!names.contains(USUAL_NAME) && names.size() != 1) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has the arrays %s; allowed: %s, or one array",
              file,
              names,
              USUAL_NAME));
    }
    String name = names.contains(USUAL_NAME) ? USUAL_NAME : names.iterator().next();
    Map<String, Tensor> arrays = NpzFile.read(file, List.of(name));
    return arrays.values().iterator().next();
  }

  private static ImageDataset images(Path file, Tensor array) throws IOException {
    long[] shape = array.shape();
    boolean isOfChannels =
        shape.length == 3 || (shape.length == 4 && (isChannels(shape[1]) || isChannels(shape[3])));
    if (array.type() != DType.U8 || array.numel() == 0 || !isOfChannels) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s holds %s; allowed: U8[N, H, W, C] or U8[N, C, H, W] with 1 or 3 channels, or U8[N, H, W]",
              file,
              array));
    }
    if (shape.length == 3) {
      return dataset(array.reshape(shape[0], 1, shape[1], shape[2]));
    }
    return dataset(isChannels(shape[1]) ? array : array.permute(0, 3, 1, 2));
  }

  private static boolean isChannels(long extent) {
    return extent == 1 || extent == 3;
  }

  private static ImageDataset dataset(Tensor planar) {
    ImageShape shape =
        new ImageShape((int) planar.size(1), (int) planar.size(2), (int) planar.size(3));
    return InMemoryDataset.of(shape, planar.contiguous().toBytes());
  }
}
