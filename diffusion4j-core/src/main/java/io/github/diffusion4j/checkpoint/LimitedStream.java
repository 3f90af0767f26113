package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** The first bytes of another stream, which stays open. */
final class LimitedStream extends InputStream {
  private final InputStream all;
  private long left;

  /** Ends after {@code length} bytes, or where {@code all} ends. */
  LimitedStream(InputStream all, long length) {
    this.all = all;
    left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0 || left == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = all.read(target, offset, (int) Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }
}
