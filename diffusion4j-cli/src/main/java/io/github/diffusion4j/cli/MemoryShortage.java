package io.github.diffusion4j.cli;

import java.util.Locale;
import java.util.Optional;

/** An error that means that there was not enough memory, in a line that says of which kind. */
final class MemoryShortage {
  private static final double MEBIBYTE = 1 << 20;

  private MemoryShortage() {}

  /** Returns what a person can do, if memory was what {@code problem} is about. */
  static Optional<String> describe(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof OutOfMemoryError && isOfHeap(message)) {
        return Optional.of(heap(message));
      }
      if (cause instanceof OutOfMemoryError || isOfAllocator(message)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "not enough memory (%s); a smaller batch, network or --n needs less",
                message.lines().findFirst().orElse(message).strip()));
      }
    }
    return Optional.empty();
  }

  private static boolean isOfHeap(String message) {
    return message.contains("heap")
        || message.contains("GC overhead")
        || message.contains("array size");
  }

  /** The words of C++, of libtorch's allocator and of oneDNN. */
  private static boolean isOfAllocator(String message) {
    return message.contains("bad_alloc")
        || message.contains("can't allocate memory")
        || message.contains("not enough memory");
  }

  private static String heap(String message) {
    double limit = Runtime.getRuntime().maxMemory() / MEBIBYTE;
    return String.format(
        Locale.ROOT,
        "not enough Java heap (%s): its limit is %.0f MiB; DIFFUSION4J_JAVA_OPTIONS=-Xmx%.0fm, for example, raises it",
        message,
        limit,
        Math.max(256, 4 * Math.rint(limit)));
  }
}
