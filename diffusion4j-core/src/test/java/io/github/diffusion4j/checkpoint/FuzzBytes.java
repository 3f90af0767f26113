package io.github.diffusion4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes that know nothing of what the bytes mean. */
final class FuzzBytes {
  /** Numbers at which readers go wrong. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x10000,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    0x1_0000_0000L,
    1L << 40,
    1L << 60,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };

  private FuzzBytes() {}

  static long edge(SplittableRandom random) {
    long edge = EDGES[random.nextInt(EDGES.length)];
    return random.nextInt(4) == 0 ? edge + random.nextInt(-9, 10) : edge;
  }

  /** Returns {@code bytes} after one to six changes. */
  static byte[] change(byte[] bytes, byte[] donor, SplittableRandom random) {
    byte[] changed = bytes;
    int rounds = 1 + random.nextInt(random.nextInt(6) + 1);
    for (int i = 0; i < rounds; i++) {
      changed = changed.length == 0 ? donor : once(changed, donor, random);
    }
    return changed;
  }

  private static byte[] once(byte[] bytes, byte[] donor, SplittableRandom random) {
    byte[] changed = bytes.clone();
    int at = place(bytes, random);
    switch (random.nextInt(9)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt(256);
      case 2 -> putEdge(changed, at, 1 << random.nextInt(4), random);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return replace(bytes, at, at + length(bytes, at, random), new byte[0]);
      }
      case 5 -> { // the same again, behind or instead
        byte[] slice = Arrays.copyOfRange(bytes, at, at + length(bytes, at, random));
        int target = place(bytes, random);
        return replace(
            bytes, target, target + random.nextInt(2) * length(bytes, target, random), slice);
      }
      case 6 -> {
        int from = donor.length == 0 ? 0 : place(donor, random);
        byte[] slice = Arrays.copyOfRange(donor, from, from + length(donor, from, random));
        return replace(bytes, at, at + random.nextInt(2) * length(bytes, at, random), slice);
      }
      case 7 -> {
        byte[] slice = Arrays.copyOfRange(bytes, at, at + 1 + random.nextInt(8));
        return replace(bytes, at, at, repeated(slice, 1 + random.nextInt(1000)));
      }
      default -> {
        int target = place(bytes, random);
        changed[at] = bytes[target];
        changed[target] = bytes[at];
      }
    }
    return changed;
  }

  /** Half of the places are near an end: there the formats say what they are. */
  private static int place(byte[] bytes, SplittableRandom random) {
    int near = Math.min(bytes.length, 64);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
  }

  private static int length(byte[] bytes, int at, SplittableRandom random) {
    int most = Math.min(bytes.length - at, random.nextInt(4) == 0 ? 4096 : 24);
    return most == 0 ? 0 : random.nextInt(most + 1);
  }

  private static void putEdge(byte[] bytes, int at, int width, SplittableRandom random) {
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    number.putLong(edge(random));
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = number.get(random.nextInt(4) == 0 ? width - 1 - i : i);
    }
  }

  static byte[] replace(byte[] bytes, int begin, int end, byte[] slice) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, begin);
    out.writeBytes(slice);
    out.write(bytes, end, bytes.length - end);
    return out.toByteArray();
  }

  static byte[] repeated(byte[] slice, int times) {
    byte[] result = new byte[slice.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(slice, 0, result, i * slice.length, slice.length);
    }
    return result;
  }
}
