package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What reading one file may still take of memory, on the Java heap and outside it: twice the size
 * of the file and 96 MiB in all (docs/decisions/0017).
 *
 * <p>Readers take from it before they make anything that a file asks for, so that a small file
 * cannot fill the memory, whatever it says about itself. 16 of the 96 MiB are never handed out:
 * they are for the buffers of the readers themselves.
 */
final class Allowance {
  /** Of memory per byte of the file. */
  static final int TIMES = 2;

  /** Beside that, in bytes. */
  static final long FIXED = 96L << 20;

  private static final long BUFFERS = 16L << 20;

  /** That a file asks for more than its allowance; the message names the file. */
  static final class Exceeded extends IOException {
    private Exceeded(String message) {
      super(message);
    }
  }

  private final Path file;
  private final long size;
  private long left;

  private Allowance(Path file, long size, long left) {
    this.file = file;
    this.size = size;
    this.left = left;
  }

  /** Returns the allowance of a file. */
  static Allowance of(Path file) throws IOException {
    return of(file, Files.size(file));
  }

  /** Returns the allowance of something of {@code size} bytes that messages call {@code file}. */
  static Allowance of(Path file, long size) {
    return new Allowance(file, size, TIMES * size + FIXED - BUFFERS);
  }

  /** Returns one of its own for somebody who begins with what is left now. */
  Allowance fork() {
    return new Allowance(file, size, left);
  }

  /** Returns the size of the file in bytes. */
  long fileSize() {
    return size;
  }

  /** Returns the bytes that are left. */
  long left() {
    return left;
  }

  /** Takes {@code bytes} for something that is about to be made, if so many are left. */
  void take(long bytes) throws Exceeded {
    if (bytes > left) {
      throw new Exceeded(
          String.format(
              Locale.ROOT,
              "%s asks for more memory than %d times its %d bytes and %d MiB",
              file,
              TIMES,
              size,
              FIXED >> 20));
    }
    left -= bytes;
  }

  /** Takes back {@code bytes} of something that is no longer held. */
  void giveBack(long bytes) {
    left += bytes;
  }
}
