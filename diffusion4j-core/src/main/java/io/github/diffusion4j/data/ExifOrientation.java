package io.github.diffusion4j.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a camera was held, which a JPEG file tells in its EXIF data, and how to undo it. */
enum ExifOrientation {
  // in the order of the EXIF values 1…8
  UPRIGHT,
  MIRRORED,
  HALF_TURN,
  UPSIDE_DOWN_MIRRORED,
  TRANSPOSED,
  NEEDS_CLOCKWISE,
  TRANSVERSE,
  NEEDS_COUNTERCLOCKWISE;

  private static final int EXIF_SEGMENT = 0xe1;
  private static final int START_OF_SCAN = 0xda;
  private static final long EXIF_START = 0x457869660000L; // "Exif", two zeros
  private static final short ORIENTATION_TAG = 0x0112;

  /** Returns what a JPEG file says, and {@link #UPRIGHT} where it says nothing sensible. */
  static ExifOrientation of(byte[] jpeg) {
    try {
      ByteBuffer file = ByteBuffer.wrap(jpeg).position(2);
      while (true) {
        int marker = file.getShort() & 0xff;
        int length = Short.toUnsignedInt(file.getShort());
        if (marker == START_OF_SCAN) {
          return UPRIGHT;
        }
        int start = file.position();
        if (marker == EXIF_SEGMENT && length > 8 && file.getLong(start) >>> 16 == EXIF_START) {
          return ofTiff(file.slice(start + 6, length - 8));
        }
        file.position(start + length - 2);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return UPRIGHT; // notes are no reason to refuse a sound picture
    }
  }

  private static ExifOrientation ofTiff(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    tiff.position(tiff.getInt(4));
    int entries = Short.toUnsignedInt(tiff.getShort());
    for (int i = 0; i < entries; i++) {
      int entry = tiff.position();
      if (tiff.getShort(entry) == ORIENTATION_TAG) {
        int value = tiff.getShort(entry + 8);
        return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
      }
      tiff.position(entry + 12);
    }
    return UPRIGHT;
  }

  /** Returns the picture as it was seen. */
  Picture upright(Picture picture) {
    if (this == UPRIGHT) {
      return picture;
    }
    ImageShape from = picture.shape();
    ImageShape to = isLyingDown() ? lyingDown(from) : from;
    byte[] bytes = new byte[to.pixels()];
    int at = 0;
    for (int c = 0; c < to.channels(); c++) {
      for (int y = 0; y < to.height(); y++) {
        for (int x = 0; x < to.width(); x++) {
          bytes[at++] = picture.bytes()[c * from.height() * from.width() + source(from, y, x)];
        }
      }
    }
    return new Picture(to, bytes);
  }

  private boolean isLyingDown() {
    return switch (this) {
      case UPRIGHT, MIRRORED, HALF_TURN, UPSIDE_DOWN_MIRRORED -> false;
      case TRANSPOSED, NEEDS_CLOCKWISE, TRANSVERSE, NEEDS_COUNTERCLOCKWISE -> true;
    };
  }

  private static ImageShape lyingDown(ImageShape shape) {
    return new ImageShape(
        shape.channels(), /* height= */ shape.width(), /* width= */ shape.height());
  }

  /** Where in a plane the pixel at row {@code y} and column {@code x} of the result comes from. */
  private int source(ImageShape from, int y, int x) {
    int bottom = from.height() - 1;
    int right = from.width() - 1;
    return switch (this) {
      case UPRIGHT -> y * from.width() + x;
      case MIRRORED -> y * from.width() + right - x;
      case HALF_TURN -> (bottom - y) * from.width() + right - x;
      case UPSIDE_DOWN_MIRRORED -> (bottom - y) * from.width() + x;
      case TRANSPOSED -> x * from.width() + y;
      case NEEDS_CLOCKWISE -> (bottom - x) * from.width() + y;
      case TRANSVERSE -> (bottom - x) * from.width() + right - y;
      case NEEDS_COUNTERCLOCKWISE -> x * from.width() + right - y;
    };
  }
}
