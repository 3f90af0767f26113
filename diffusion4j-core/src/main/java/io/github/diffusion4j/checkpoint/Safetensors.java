package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes safetensors files: eight bytes with the length of a JSON header, the header, and
 * the elements of all tensors one after the other.
 *
 * <p>A file is believed only where it is consistent: each tensor's extent must agree with its type
 * and shape, and all tensors together must fill the file without holes or overlaps. Elements move
 * in chunks between the file and native memory and never lie on the Java heap.
 */
public final class Safetensors {
  private static final int LENGTH_BYTES = 8;

  private Safetensors() {}

  /**
   * What a file says about itself.
   *
   * @param tensors type, shape and place of each tensor, in the order of the file's header
   * @param metadata free text by key; PyTorch files have {@code format = pt}
   * @param dataOffset where the elements begin, in bytes from the start of the file
   */
  public record Header(Map<String, Entry> tensors, Map<String, String> metadata, long dataOffset) {}

  /**
   * One tensor of a file.
   *
   * @param type of the elements
   * @param shape extent of each dimension
   * @param begin first byte, counted from {@link Header#dataOffset}
   * @param end one past the last byte
   */
  public record Entry(DType type, List<Long> shape, long begin, long end) {
    long[] extents() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /**
   * Reads a whole file.
   *
   * @return the tensors by name, in the order of the header; they belong to the scope that is open
   *     on this thread
   * @throws IOException if the file cannot be read or is not a valid safetensors file; the message
   *     names the file and, where one is to blame, the tensor
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = open(file);
        Scope scope = Scope.open()) {
      Header header = readHeader(file, channel);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, Entry> named : header.tensors().entrySet()) {
        Entry entry = named.getValue();
        channel.position(header.dataOffset() + entry.begin());
        tensors.put(named.getKey(), TensorBytes.read(channel, entry.type(), entry.extents()));
      }
      tensors.values().forEach(scope::keep);
      return tensors;
    }
  }

  /** Reads only what the file says about itself, with the same checks as {@link #read}. */
  public static Header readHeader(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      return readHeader(file, channel);
    }
  }

  /**
   * Writes a file as Python's safetensors package does: tensors in the order of element type, then
   * name; the header padded with spaces to a multiple of eight bytes.
   *
   * @param metadata written as {@code __metadata__}; left out where empty
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, Tensor>> order = SafetensorsHeader.order(tensors);
    byte[] header = SafetensorsHeader.render(order, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer start = littleEndian(LENGTH_BYTES + header.length);
      start.putLong(header.length).put(header).flip();
      while (start.hasRemaining()) {
        channel.write(start);
      }
      for (Map.Entry<String, Tensor> named : order) {
        TensorBytes.write(named.getValue(), channel);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private static Header readHeader(Path file, FileChannel channel) throws IOException {
    long fileSize = channel.size();
    if (fileSize < LENGTH_BYTES) {
      throw new IOException(
          "%s is not a safetensors file: it has only %d bytes".formatted(file, fileSize));
    }
    long length = readFully(channel, LENGTH_BYTES).getLong();
    if (length < 2
        || length > fileSize - LENGTH_BYTES
        || length > SafetensorsHeader.LARGEST_HEADER) {
      throw new IOException(
          "%s is not a safetensors file: it announces a header of %s bytes in a file of %d bytes"
              .formatted(file, Long.toUnsignedString(length), fileSize));
    }
    byte[] json = readFully(channel, (int) length).array();
    return SafetensorsHeader.parse(file, json, LENGTH_BYTES + length, fileSize);
  }

  private static ByteBuffer readFully(FileChannel channel, int size) throws IOException {
    ByteBuffer buffer = littleEndian(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file ends inside its header");
      }
    }
    return buffer.flip();
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
