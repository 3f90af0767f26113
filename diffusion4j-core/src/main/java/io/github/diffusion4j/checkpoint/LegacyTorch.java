package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The files of PyTorch before 1.6: four pickles (a magic number, the version, facts about the
 * machine, the objects), a fifth with the keys of the storages, and then their elements.
 */
final class LegacyTorch {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long LARGEST_STRUCTURE = 1 << 26;

  private LegacyTorch() {}

  static Object root(Path file, TorchClasses classes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return objects(structure(channel), classes);
    }
  }

  /** Replaces each storage that is wanted by its elements. */
  static void load(
      Path file,
      TorchClasses classes,
      Map<String, StoredTensor> wanted,
      Map<String, Tensor> storages)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer structure = structure(channel);
      objects(structure, new TorchClasses());
      List<?> keys = (List<?>) PickleMachine.read(structure, classes);
      channel.position(structure.position());
      for (Object key : keys) {
        String storage = (String) key;
        long bytes = classes.bytes(storage);
        long begin = channel.position() + Long.BYTES; // after the number of elements
        if (bytes > channel.size() - begin) {
          throw new IOException("it ends before the elements of storage " + storage);
        }
        channel.position(begin);
        for (StoredTensor tensor : wanted.values()) {
          if (tensor.storage().equals(storage) && TorchFile.elements(storages, tensor) == 0) {
            storages.put(storage, TensorBytes.read(channel, tensor.type(), tensor.elements()));
          }
        }
        channel.position(begin + bytes);
      }
    }
  }

  private static Object objects(ByteBuffer structure, TorchClasses classes) throws IOException {
    boolean isPickle = structure.get(0) == (byte) 0x80;
    if (!isPickle || !MAGIC.equals(PickleMachine.read(structure, classes))) {
      throw new IOException("it is neither a zip file nor one of PyTorch");
    }
    PickleMachine.read(structure, classes); // the version, 1001
    PickleMachine.read(structure, classes); // sizes of integers, byte order
    return PickleMachine.read(structure, classes);
  }

  /** The first part of the file; pickles say themselves where they end. */
  private static ByteBuffer structure(FileChannel channel) throws IOException {
    long size = Math.min(channel.size(), LARGEST_STRUCTURE);
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
