package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.Processor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Where and when something was measured, and how busy the machine was with other things.
 *
 * @param date now
 * @param processor its name
 * @param cores how many cores there are
 * @param system the operating system
 * @param load the average number of running threads in the last minute; below 0 if unknown
 * @param busy the part of all cores that was at work for a second just now, in [0, 1], where known
 */
record Machine(
    OffsetDateTime date,
    String processor,
    int cores,
    String system,
    double load,
    OptionalDouble busy) {
  private static final Path TIMES = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int WAITING_FOR_DISK = 4;

  /** Looks at this machine for a second. */
  static Machine look() {
    return new Machine(
        OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
        Processor.name(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        busyForASecond());
  }

  private static OptionalDouble busyForASecond() {
    try {
      long[] before = times(Files.readAllLines(TIMES));
      Thread.sleep(1000);
      return OptionalDouble.of(busy(before, times(Files.readAllLines(TIMES))));
    } catch (IOException e) {
      return OptionalDouble.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalDouble.empty();
    }
  }

  /** Returns what the cores did, in ticks by kind: for users, niced, for the kernel, nothing … */
  static long[] times(List<String> lines) {
    return Arrays.stream(lines.get(0).split("\\s+", -1))
        .skip(1)
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /** Returns the part of the time between two looks in which cores were at work. */
  static double busy(long[] before, long[] after) {
    long idle = after[IDLE] - before[IDLE] + after[WAITING_FOR_DISK] - before[WAITING_FOR_DISK];
    long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
    return all == 0 ? 0 : 1 - (double) idle / all;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s, load %.2f, %s busy just now",
        processor,
        cores,
        system,
        load,
        busy.isPresent() ? Math.round(100 * busy.getAsDouble()) + " %" : "unknown how");
  }
}
