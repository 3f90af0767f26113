package io.github.diffusion4j.torch;

/**
 * Freed memory that is full of NaN. An allocator hands it out again as it is, so an operation that
 * reads what it has not set shows itself.
 */
final class DirtyMemory {
  private static final long SMALLEST = 1 << 4;
  private static final long LARGEST = 1 << 18;

  /** Padding a channel to the width of a vector makes a tensor at most this much larger. */
  private static final int PADDING = 16;

  private DirtyMemory() {}

  /**
   * Leaves some to the thread that calls this, in blocks of 64 bytes and each power of two up to
   * what an operation needs whose largest tensor has {@code numbers}, but not above a megabyte:
   * large tensors have many channels, which need no padding.
   */
  static void leave(long numbers) {
    long limit = Math.min(LARGEST, 2 * PADDING * numbers);
    try (Scope scope = Scope.open()) {
      for (long block = SMALLEST; block <= limit; block *= 2) {
        Tensor.full(Double.NaN, block);
      }
    }
  }
}
