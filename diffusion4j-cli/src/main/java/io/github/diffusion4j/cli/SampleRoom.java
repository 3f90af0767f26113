package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * The memory in which samples are held until they are written.
 *
 * @param heapBytes free in Java's heap
 * @param nativeBytes of the machine
 */
record SampleRoom(long heapBytes, long nativeBytes) {
  /** Samples are there twice for a moment, as parts and as a whole. */
  private static final int COPIES = 2;

  /** Bytes of Java's heap for a number of a sample: the number, and its pixels or its text. */
  private static final int HEAP_BYTES = 2 * Float.BYTES;

  private static final double GIBIBYTE = 1 << 30;

  /** Returns what this process has. */
  static SampleRoom ofThisProcess() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Long.MAX_VALUE;
    return new SampleRoom(runtime.maxMemory() - used, machine);
  }

  /**
   * Refuses more samples than can be held.
   *
   * @param shape of one sample
   */
  void require(int count, List<Integer> shape) {
    long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    long most =
        Math.min(
            Integer.MAX_VALUE / size,
            Math.min(heapBytes / (HEAP_BYTES * size), nativeBytes / (COPIES * Float.BYTES * size)));
    if (count > most) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--n is %d, which takes %.1f GiB of memory and %.1f GiB of Java heap; allowed: %d at most, as %.1f GiB and %.1f GiB are there (DIFFUSION4J_JAVA_OPTIONS=-Xmx… raises the latter); --seed S draws others into another file",
              count,
              (double) COPIES * Float.BYTES * count * size / GIBIBYTE,
              (double) HEAP_BYTES * count * size / GIBIBYTE,
              most,
              nativeBytes / GIBIBYTE,
              heapBytes / GIBIBYTE));
    }
  }
}
