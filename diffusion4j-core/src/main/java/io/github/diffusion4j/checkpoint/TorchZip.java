package io.github.diffusion4j.checkpoint;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The files of PyTorch since 1.6: a zip in which nothing is compressed, with the objects in {@code
 * data.pkl} and each storage in a file of its own.
 *
 * <p>Only what such a zip has is read: its directory at the end, with the 64-bit fields of large
 * files. The JDK's own reader believes some of the numbers in a zip before it has checked them.
 */
final class TorchZip implements TorchLayout {
  private static final String PICKLE = "data.pkl";
  private static final long LARGEST_PICKLE = 1 << 26;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LONG_END = 0x06064b50;
  private static final int LONG_END_BYTES = 56;
  private static final int LONG_LOCATOR = 0x07064b50;
  private static final int LONG_LOCATOR_BYTES = 20;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int LONG_FIELDS = 1;
  private static final long IN_LONG_FIELD = 0xffff_ffffL;
  private static final int HEAP_BYTES = 256;
  private static final int CHUNK = 1 << 16;

  /** Where a file inside the zip is said to be; a method of 0 is no compression. */
  private record Entry(int method, long packed, long size, long localAt) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private String folder = "";

  @Override
  public Object root(FileChannel channel, TorchClasses classes, Allowance allowance)
      throws IOException {
    readDirectory(channel, allowance);
    String pickle =
        entries.keySet().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .findFirst()
            .orElseThrow(() -> new IOException("it is a zip file, but not one of PyTorch"));
    folder = pickle.substring(0, pickle.length() - PICKLE.length());
    requireLittleEndian(channel);
    long size = find(channel, PICKLE);
    if (size > LARGEST_PICKLE) {
      throw new IOException(
          String.format(Locale.ROOT, "its structure takes %d bytes, more than 64 MiB", size));
    }
    allowance.take(size);
    ByteBuffer bytes = read(channel, channel.position(), (int) size);
    Object root = PickleMachine.read(bytes, classes, allowance);
    allowance.giveBack(size);
    return root;
  }

  @Override
  public void load(FileChannel channel, TorchClasses classes, TensorLoading loading)
      throws IOException {
    for (String storage : loading.missing()) {
      String name = "data/" + storage;
      if (entries.containsKey(folder + name)) {
        long size = find(channel, name);
        if (size != classes.bytes(storage)) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "it lacks the elements of storage %s, tensor %s, or has a wrong number of them",
                  OneLine.of(storage),
                  loading.tensorOf(storage)));
        }
        loading.read(storage, channel);
      }
    }
  }

  private void requireLittleEndian(FileChannel channel) throws IOException {
    if (entries.containsKey(folder + "byteorder")) {
      int size = (int) Math.min(16, find(channel, "byteorder"));
      ByteBuffer word = read(channel, channel.position(), size);
      String order = StandardCharsets.US_ASCII.decode(word).toString();
      if (!order.equals("little")) {
        throw new IOException(
            String.format(Locale.ROOT, "byte order is %s; allowed: little", OneLine.of(order)));
      }
    }
  }

  /** Moves {@code channel} to the first byte of a file inside the zip and returns its size. */
  private long find(FileChannel channel, String name) throws IOException {
    Entry entry = entries.get(folder + name);
    if (entry == null || entry.method() != 0 || entry.packed() != entry.size()) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s is %s", OneLine.of(name), entry == null ? "missing" : "compressed"));
    }
    ByteBuffer local = read(channel, entry.localAt(), LOCAL_BYTES);
    int names = unsigned(local.getShort(26)) + unsigned(local.getShort(28));
    long begin = entry.localAt() + LOCAL_BYTES + names;
    if (local.getInt(0) != LOCAL || entry.size() > channel.size() - begin) {
      throw new IOException(
          String.format(Locale.ROOT, "%s is not where the zip says", OneLine.of(name)));
    }
    channel.position(begin);
    return entry.size();
  }

  private void readDirectory(FileChannel channel, Allowance allowance) throws IOException {
    long endAt = end(channel);
    ByteBuffer end = read(channel, endAt, END_BYTES);
    long count = unsigned(end.getShort(10));
    long begin = Integer.toUnsignedLong(end.getInt(16));
    if (count == 0xffff || begin == IN_LONG_FIELD) {
      ByteBuffer locator = read(channel, endAt - LONG_LOCATOR_BYTES, LONG_LOCATOR_BYTES);
      if (locator.getInt(0) == LONG_LOCATOR) {
        ByteBuffer longEnd = read(channel, locator.getLong(8), LONG_END_BYTES);
        require(longEnd.getInt(0) == LONG_END);
        count = longEnd.getLong(32);
        begin = longEnd.getLong(48);
      }
    }
    require(begin >= 0 && begin <= endAt && count >= 0 && count <= (endAt - begin) / ENTRY_BYTES);
    channel.position(begin);
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
    for (long i = 0; i < count; i++) {
      readEntry(in, allowance);
    }
  }

  private void readEntry(InputStream in, Allowance allowance) throws IOException {
    ByteBuffer fixed = bytes(in, ENTRY_BYTES);
    require(fixed.getInt(0) == ENTRY);
    String name = StandardCharsets.UTF_8.decode(bytes(in, unsigned(fixed.getShort(28)))).toString();
    ByteBuffer extra = bytes(in, unsigned(fixed.getShort(30)));
    bytes(in, unsigned(fixed.getShort(32))); // a comment
    ByteBuffer numbers = longFields(extra);
    long size = orLong(fixed.getInt(24), numbers);
    long packed = orLong(fixed.getInt(20), numbers);
    long localAt = orLong(fixed.getInt(42), numbers);
    require(size >= 0 && packed >= 0 && localAt >= 0);
    allowance.take(HEAP_BYTES + 2L * name.length());
    if (entries.put(name, new Entry(unsigned(fixed.getShort(10)), packed, size, localAt)) != null) {
      throw new IOException("it is a zip file with two files named " + OneLine.of(name));
    }
  }

  /** Returns the numbers that did not fit into 32 bits. */
  private static ByteBuffer longFields(ByteBuffer extra) {
    while (extra.remaining() >= 2 * Short.BYTES) {
      int kind = unsigned(extra.getShort());
      int length = Math.min(unsigned(extra.getShort()), extra.remaining());
      if (kind == LONG_FIELDS) {
        return extra.limit(extra.position() + length);
      }
      extra.position(extra.position() + length);
    }
    return extra;
  }

  private static long orLong(int field, ByteBuffer numbers) throws IOException {
    long number = Integer.toUnsignedLong(field);
    if (number != IN_LONG_FIELD) {
      return number;
    }
    require(numbers.remaining() >= Long.BYTES);
    return numbers.getLong();
  }

  /** Returns where the end record is; only a comment may follow it. */
  private static long end(FileChannel channel) throws IOException {
    int length = (int) Math.min(channel.size(), END_BYTES + 0xffff);
    ByteBuffer tail = read(channel, channel.size() - length, length);
    for (int i = length - END_BYTES; i >= 0; i--) {
      int comment = unsigned(tail.getShort(i + END_BYTES - Short.BYTES));
      if (tail.getInt(i) == END && i + END_BYTES + comment == length) {
        return channel.size() - length + i;
      }
    }
    throw new IOException("it is a zip file without its end");
  }

  private static ByteBuffer bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the directory of the zip ends too early");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer read(FileChannel channel, long position, int count) throws IOException {
    require(position >= 0 && position <= channel.size() - count);
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.position() < count) {
      // the JDK copies through memory outside the heap, of the size of what is asked for at once
      buffer.limit(Math.min(count, buffer.position() + CHUNK));
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the zip ends too early");
      }
    }
    return buffer.flip();
  }

  private static int unsigned(short number) {
    return Short.toUnsignedInt(number);
  }

  private static void require(boolean agrees) throws IOException {
    if (!agrees) {
      throw new IOException("the directory of the zip contradicts the file");
    }
  }
}
