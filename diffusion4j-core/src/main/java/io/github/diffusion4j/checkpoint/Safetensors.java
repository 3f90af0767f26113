package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    return read(file, Precision.STORED);
  }

  /** As the other, with the elements in the given types. */
  static Map<String, Tensor> read(Path file, Precision precision) throws IOException {
    Allowance allowance = Allowance.of(file);
    try (FileChannel channel = open(file);
        Scope scope = Scope.open()) {
      Header header = readHeader(file, channel, allowance);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, Entry> named : header.tensors().entrySet()) {
        Entry entry = named.getValue();
        DType type = precision.of(entry.type());
        long elements = (entry.end() - entry.begin()) / entry.type().bytes();
        allowance.take(TensorLoading.TENSOR_BYTES + elements * type.bytes());
        tensors.put(named.getKey(), tensor(channel, header, entry, type));
      }
      tensors.values().forEach(scope::keep);
      return tensors;
    }
  }

  /**
   * Reads one tensor; the others stay on the disk.
   *
   * @throws IOException as {@link #read(Path)}, or if there is no such tensor
   */
  public static Tensor read(Path file, String name) throws IOException {
    try (FileChannel channel = open(file)) {
      Header header = readHeader(file, channel, Allowance.of(file));
      Entry entry = header.tensors().get(name);
      if (entry == null) {
        throw new IOException(String.format(Locale.ROOT, "%s has no tensor %s", file, name));
      }
      return tensor(channel, header, entry, entry.type());
    }
  }

  private static Tensor tensor(FileChannel channel, Header header, Entry entry, DType type)
      throws IOException {
    channel.position(header.dataOffset() + entry.begin());
    return TensorBytes.read(channel, entry.type(), type, entry.extents());
  }

  /** Reads only what the file says about itself, with the same checks as {@link #read(Path)}. */
  public static Header readHeader(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      return readHeader(file, channel, Allowance.of(file));
    }
  }

  /**
   * Writes a file as Python's safetensors package does: tensors in the order of element type, then
   * name; the header padded with spaces to a multiple of eight bytes. The file is seen complete or
   * not at all.
   *
   * @param metadata written as {@code __metadata__}; left out where empty
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    AtomicFile.writeChannel(file, channel -> write(channel, tensors, metadata));
  }

  /** Writes what {@link #write(Path, Map, Map)} does, to a channel. */
  public static void write(
      WritableByteChannel channel, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, Tensor>> order = SafetensorsHeader.order(tensors);
    byte[] header = SafetensorsHeader.render(order, metadata);
    ByteBuffer start = littleEndian(LENGTH_BYTES + header.length);
    start.putLong(header.length).put(header).flip();
    while (start.hasRemaining()) {
      channel.write(start);
    }
    for (Map.Entry<String, Tensor> named : order) {
      TensorBytes.write(named.getValue(), channel);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private static Header readHeader(Path file, FileChannel channel, Allowance allowance)
      throws IOException {
    long fileSize = allowance.fileSize();
    if (fileSize < LENGTH_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s is not a safetensors file: it has only %d bytes", file, fileSize));
    }
    ByteBuffer start = start(channel);
    long length = start.getLong(0);
    if (length < 2
        || length > fileSize - LENGTH_BYTES
        || length > SafetensorsHeader.LARGEST_HEADER) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s is not a safetensors file: it announces a header of %s bytes in a file of %d bytes",
              file,
              Long.toUnsignedString(length),
              fileSize));
    }
    if (start.get(LENGTH_BYTES) != '{') {
      throw new IOException(file + " has a header that is not a JSON object");
    }
    channel.position(LENGTH_BYTES);
    InputStream header = new LimitedStream(Channels.newInputStream(channel), length);
    return SafetensorsParser.parse(file, header, LENGTH_BYTES + length, allowance);
  }

  /** The length of the header and its first byte. */
  private static ByteBuffer start(FileChannel channel) throws IOException {
    ByteBuffer buffer = littleEndian(LENGTH_BYTES + 1);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // until it is complete, or the file ends
    }
    return buffer;
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
