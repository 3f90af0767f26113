package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Where in a file of PyTorch its objects are, and the elements of their tensors. */
sealed interface TorchLayout permits TorchZip, LegacyTorch {
  /** Returns the outermost object. */
  Object root(FileChannel channel, TorchClasses classes, Allowance allowance) throws IOException;

  /** Reads all storages that {@code loading} misses and the file has. */
  void load(FileChannel channel, TorchClasses classes, TensorLoading loading) throws IOException;
}
