package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;

/**
 * The files of PyTorch before 1.6: four pickles (a magic number, the version, facts about the
 * machine, the objects), a fifth with the keys of the storages, and then their elements.
 */
final class LegacyTorch implements TorchLayout {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long LARGEST_STRUCTURE = 1 << 26;

  private List<?> keys = List.of();
  private long elementsAt;

  @Override
  public Object root(FileChannel channel, TorchClasses classes, Allowance allowance)
      throws IOException {
    ByteBuffer structure = structure(channel);
    boolean isPickle = structure.get(0) == (byte) 0x80;
    if (!isPickle || !MAGIC.equals(PickleMachine.read(structure, classes, allowance))) {
      throw new IOException("it is neither a zip file nor one of PyTorch");
    }
    PickleMachine.read(structure, classes, allowance); // the version, 1001
    Object machine = PickleMachine.read(structure, classes, allowance);
    if (machine instanceof Map<?, ?> facts && Boolean.FALSE.equals(facts.get("little_endian"))) {
      throw new IOException("byte order is big; allowed: little");
    }
    Object root = PickleMachine.read(structure, classes, allowance);
    keys = (List<?>) PickleMachine.read(structure, classes, allowance);
    elementsAt = structure.position();
    return root;
  }

  @Override
  public void load(FileChannel channel, TorchClasses classes, TensorLoading loading)
      throws IOException {
    long begin = elementsAt;
    for (Object key : keys) {
      String storage = (String) key;
      begin += Long.BYTES; // the number of elements
      long bytes = classes.bytes(storage);
      if (bytes > channel.size() - begin) {
        throw new IOException("it ends before the elements of storage " + OneLine.of(storage));
      }
      channel.position(begin);
      loading.read(storage, channel);
      begin += bytes;
    }
  }

  /** The first part of the file; pickles say themselves where they end. */
  private static ByteBuffer structure(FileChannel channel) throws IOException {
    long size = Math.min(channel.size(), LARGEST_STRUCTURE);
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
