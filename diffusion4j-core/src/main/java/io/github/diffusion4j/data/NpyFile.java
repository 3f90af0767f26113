package io.github.diffusion4j.data;

import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads and writes NumPy's {@code .npy} files, in which Python programs hand over samples.
 *
 * <p>Such a file is the magic {@code 0x93 NUMPY}, a version, the length of the header, the header
 * (a Python dictionary with type, order and shape), and the elements. Versions 1.0 and 2.0 are
 * read, elements of type u1, f4 and f8 in little-endian C order.
 */
public final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LARGEST_HEADER = 1 << 16;
  private static final int ALIGNMENT = 64;
  private static final Map<String, DType> TYPES =
      Map.of("|u1", DType.U8, "<f4", DType.F32, "<f8", DType.F64);

  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,]*)\\)");

  private NpyFile() {}

  /**
   * Reads the array of a file.
   *
   * @return a tensor of the file's type (U8, F32 or F64) and shape, in the scope that is open on
   *     this thread
   * @throws IOException if the file cannot be read, is damaged, or holds another kind of array; the
   *     message names the file
   */
  public static Tensor read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file.toString(), channel, channel.size());
    }
  }

  /** Reads an array of {@code size} bytes in all; messages call it by {@code name}. */
  static Tensor read(String name, ReadableByteChannel channel, long size) throws IOException {
    Header header = header(name, channel);
    String descr = value(DESCR, header.text(), name);
    DType type = TYPES.get(descr);
    if (type == null) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s has elements of type %s; allowed: |u1, <f4, <f8", name, descr));
    }
    if (value(ORDER, header.text(), name).equals("True")) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s is in Fortran order; allowed: C order, as numpy.ascontiguousarray gives",
              name));
    }
    long[] shape = shape(value(SHAPE, header.text(), name), name);
    requireLength(name, size - header.size(), type, shape);
    return TensorBytes.read(channel, type, shape);
  }

  /**
   * Writes bytes 0…255 as an array of type u1 in C order.
   *
   * @param shape the extents, whose product is the number of bytes
   */
  public static void write(Path file, byte[] bytes, int... shape) throws IOException {
    write(file, "|u1", bytes, shape);
  }

  /**
   * Writes numbers as an array of type f4 in C order.
   *
   * @param shape the extents, whose product is the number of numbers
   */
  public static void write(Path file, float[] numbers, int... shape) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    write(file, "<f4", bytes.array(), shape);
  }

  private static void write(Path file, String descr, byte[] bytes, int... shape)
      throws IOException {
    AtomicFile.write(
        file,
        out -> {
          out.write(start(descr, Arrays.stream(shape).asLongStream().toArray()));
          out.write(bytes);
        });
  }

  /** Writes a tensor of type U8, F32 or F64 as the array of its numbers, in C order. */
  static void write(OutputStream out, Tensor tensor) throws IOException {
    String descr =
        TYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == tensor.type())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        String.format(
                            Locale.ROOT,
                            "an array of type %s; allowed: U8, F32, F64",
                            tensor.type())));
    out.write(start(descr, tensor.shape()));
    TensorBytes.write(tensor, Channels.newChannel(out));
  }

  /** Everything before the elements. */
  private static byte[] start(String descr, long... shape) {
    String extents = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
    String text =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
            descr,
            extents);
    int unpadded = MAGIC.length + 2 + Short.BYTES + text.length() + 1;
    String header = text + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
    return ByteBuffer.allocate(MAGIC.length + 2 + Short.BYTES + header.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** The dictionary as text, and the size of all that it took to get there. */
  private record Header(String text, long size) {}

  private static Header header(String file, ReadableByteChannel channel) throws IOException {
    try {
      ByteBuffer start = bytes(channel, MAGIC.length + 2);
      byte[] magic = new byte[MAGIC.length];
      start.get(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new IOException(file + " is not a .npy file");
      }
      int major = start.get();
      int minor = start.get();
      if ((major != 1 && major != 2) || minor != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s has version %d.%d of the .npy format; allowed: 1.0, 2.0",
                file,
                major,
                minor));
      }
      long length =
          major == 1
              ? Short.toUnsignedInt(bytes(channel, Short.BYTES).getShort())
              : Integer.toUnsignedLong(bytes(channel, Integer.BYTES).getInt());
      if (length > LARGEST_HEADER) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s announces a header of %d bytes; allowed: %d at most",
                file,
                length,
                LARGEST_HEADER));
      }
      String text = new String(bytes(channel, (int) length).array(), StandardCharsets.ISO_8859_1);
      int lengthOfLength = major == 1 ? Short.BYTES : Integer.BYTES;
      return new Header(text, MAGIC.length + 2 + lengthOfLength + length);
    } catch (EOFException e) {
      throw new IOException(file + " is not a .npy file: it ends inside its header", e);
    }
  }

  private static ByteBuffer bytes(ReadableByteChannel channel, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }

  private static String value(Pattern pattern, String header, String file) throws IOException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new IOException(
          String.format(Locale.ROOT, "%s has a header that cannot be read: %s", file, header));
    }
    return matcher.group(1);
  }

  private static long[] shape(String extents, String file) throws IOException {
    try {
      return Arrays.stream(extents.split(","))
          .map(String::strip)
          .filter(extent -> !extent.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IOException(String.format(Locale.ROOT, "%s has the shape (%s)", file, extents), e);
    }
  }

  private static void requireLength(String file, long left, DType type, long[] shape)
      throws IOException {
    try {
      long wanted = Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact);
      if (wanted == left) {
        return;
      }
    } catch (ArithmeticException e) {
      // more bytes than a long can count are never in the file
    }
    throw new IOException(
        String.format(
            Locale.ROOT,
            "%s is damaged: %d bytes follow the header, which does not fit %s of %s",
            file,
            left,
            Arrays.toString(shape),
            type));
  }
}
