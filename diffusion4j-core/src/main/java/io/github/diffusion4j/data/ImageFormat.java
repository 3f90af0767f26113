package io.github.diffusion4j.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The image formats that can be read, and for each a check that a file is all there.
 *
 * <p>Decoders fill up what a cut-off file lacks, in gray or black; such a picture must not be
 * trained on. So the structure of a file is checked before it is decoded.
 */
enum ImageFormat {
  PNG {
    @Override
    void walk(ByteBuffer file) throws IOException {
      file.position(8);
      while (true) {
        int length = file.getInt();
        int typeAt = file.position();
        int type = file.getInt();
        skip(file, length);
        CRC32 sum = new CRC32();
        sum.update(file.slice(typeAt, 4 + length));
        if ((int) sum.getValue() != file.getInt()) {
          throw new IOException("the PNG file has a wrong checksum");
        }
        if (type == 0x49454e44) { // IEND
          return;
        }
      }
    }
  },
  JPEG {
    @Override
    void walk(ByteBuffer file) {
      file.position(2);
      while (true) {
        int marker = nextMarker(file);
        if (marker == 0xd9) { // end of image
          return;
        }
        if (marker != 0x01) {
          skip(file, Short.toUnsignedInt(file.getShort()) - 2);
        }
      }
    }
  },
  GIF {
    @Override
    void walk(ByteBuffer file) throws IOException {
      file.position(10);
      int screen = file.get();
      skip(file, 2 + colorTable(screen));
      int block = file.get();
      while (block == 0x21) { // extension
        file.get();
        skipSubBlocks(file);
        block = file.get();
      }
      if (block != 0x2c) {
        throw new IOException("the GIF file has no image");
      }
      skip(file, 8);
      int image = file.get();
      skip(file, colorTable(image) + 1);
      skipSubBlocks(file);
    }
  },
  BMP {
    @Override
    void walk(ByteBuffer file) {
      file.order(ByteOrder.LITTLE_ENDIAN);
      int data = file.getInt(10);
      int width = file.getInt(18);
      int height = Math.abs(file.getInt(22));
      int bits = file.getShort(28);
      boolean compressed = file.getInt(30) == 1 || file.getInt(30) == 2;
      long row = ((long) width * bits + 31) / 32 * 4;
      long end = compressed ? data + (long) file.getInt(34) : data + row * height;
      if (end > file.limit()) {
        throw new BufferUnderflowException();
      }
    }
  },
  WEBP {
    @Override
    void walk(ByteBuffer file) {
      file.order(ByteOrder.LITTLE_ENDIAN);
      if (Integer.toUnsignedLong(file.getInt(4)) + 8 > file.limit()) {
        throw new BufferUnderflowException();
      }
    }
  };

  /** Returns whether a file of this name is taken for an image. */
  static boolean hasImageName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".jpg")
        || Arrays.stream(values())
            .anyMatch(f -> lower.endsWith("." + f.name().toLowerCase(Locale.ROOT)));
  }

  /** Returns the format of a file by its first bytes, whatever it is called. */
  static Optional<ImageFormat> of(byte[] file) {
    String start = new String(file, 0, Math.min(12, file.length), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    } else if (start.startsWith("GIF8")) {
      return Optional.of(GIF);
    } else if (start.startsWith("BM")) {
      return Optional.of(BMP);
    } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return Optional.of(WEBP);
    }
    return Optional.empty();
  }

  /**
   * Checks that nothing is missing at the end, and for PNG that all checksums are right.
   *
   * @throws IOException if the file is cut off or inconsistent
   */
  void checkComplete(byte[] file) throws IOException {
    try {
      walk(ByteBuffer.wrap(file));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("the " + this + " file is cut off", e);
    }
  }

  /** Walks to the end of the picture; runs into the end of the buffer if the file is cut off. */
  abstract void walk(ByteBuffer file) throws IOException;

  private static void skip(ByteBuffer file, int count) {
    if (count < 0 || count > file.remaining()) {
      throw new BufferUnderflowException();
    }
    file.position(file.position() + count);
  }

  /** Passes compressed data, stuffed zeros and restarts up to the next JPEG marker. */
  private static int nextMarker(ByteBuffer file) {
    while (true) {
      while (file.get() != (byte) 0xff) {
        // compressed data
      }
      int code = 0xff;
      while (code == 0xff) {
        code = Byte.toUnsignedInt(file.get());
      }
      if (code != 0 && (code < 0xd0 || code > 0xd7)) {
        return code;
      }
    }
  }

  private static int colorTable(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static void skipSubBlocks(ByteBuffer file) {
    int length = Byte.toUnsignedInt(file.get());
    while (length > 0) {
      skip(file, length);
      length = Byte.toUnsignedInt(file.get());
    }
  }
}
