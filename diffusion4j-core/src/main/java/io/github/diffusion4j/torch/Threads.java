package io.github.diffusion4j.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many threads compute, and why: one for each processor that this process may use, or for each
 * core where hyperthreads are known.
 *
 * <p>{@link Runtime#availableProcessors} counts affinity masks and the quotas of containers.
 * libtorch's own count knows neither, and takes all processors for one core on virtual machines
 * that hide their topology (docs/decisions/0028).
 *
 * @param count at least 1
 * @param reason why as many, for people
 */
public record Threads(int count, String reason) {
  private static final int MAX = 1024;
  private static final String OPENMP = "OMP_NUM_THREADS";

  /** Where Linux shows the processors, and which of them this process may use. */
  private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  /**
   * Returns what {@link Engine#THREADS_PROPERTY} or the environment says, otherwise what this
   * machine has.
   *
   * @throws IllegalArgumentException if the property is no number from 1 to 1024
   */
  public static Threads choose() {
    return requested(System.getProperty(Engine.THREADS_PROPERTY), System.getenv())
        .orElseGet(
            () ->
                of(Runtime.getRuntime().availableProcessors(), cores(PROCESSORS, allowed(STATUS))));
  }

  /** Returns what the user wants; a wrong variable, which is OpenMP's, counts as none. */
  static Optional<Threads> requested(@Nullable String property, Map<String, String> environment) {
    if (property != null) {
      int count =
          number(property)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          String.format(
                              Locale.ROOT,
                              "-D%s is \"%s\"; allowed: a whole number from 1 to %d",
                              Engine.THREADS_PROPERTY,
                              property,
                              MAX)));
      return Optional.of(new Threads(count, "set by -D" + Engine.THREADS_PROPERTY));
    }
    String outermost = environment.getOrDefault(OPENMP, "").split(",", 2)[0];
    OptionalInt count = number(outermost);
    return count.isPresent()
        ? Optional.of(new Threads(count.getAsInt(), "set by " + OPENMP))
        : Optional.empty();
  }

  /**
   * Returns one thread per processor, but no more than there are cores.
   *
   * @param available how many processors this process may use at a time
   * @param cores how many cores they belong to, if that is known
   */
  static Threads of(int available, OptionalInt cores) {
    if (cores.isEmpty() || cores.getAsInt() >= available) {
      return new Threads(available, "one for each processor that this process may use");
    }
    return new Threads(
        cores.getAsInt(),
        String.format(
            Locale.ROOT,
            "one for each core, of which hyperthreads share the arithmetic; -D%s=%d takes all",
            Engine.THREADS_PROPERTY,
            available));
  }

  /**
   * Returns the number of cores that the processors belong to, where it is known: Linux shows which
   * processors are siblings, and that siblings share their first cache. A virtual machine that
   * hides its caches may show siblings that are cores of their own.
   */
  static OptionalInt cores(Path processors, Set<Integer> allowed) {
    Set<Set<Integer>> cores = new HashSet<>();
    for (int processor : allowed) {
      Path folder = processors.resolve("cpu" + processor);
      Path cache = folder.resolve("cache/index0");
      Set<Integer> siblings = list(text(folder.resolve("topology/thread_siblings_list")));
      boolean isShown =
          siblings.contains(processor)
              && text(cache.resolve("level")).equals("1")
              && list(text(cache.resolve("shared_cpu_list"))).equals(siblings);
      if (!isShown) {
        return OptionalInt.empty();
      }
      cores.add(siblings);
    }
    return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.size());
  }

  /** Returns the processors that the kernel lets this process run on; empty where it is unknown. */
  static Set<Integer> allowed(Path status) {
    return text(status)
        .lines()
        .filter(line -> line.startsWith(ALLOWED))
        .findFirst()
        .map(line -> list(line.substring(ALLOWED.length())))
        .orElse(Set.of());
  }

  /** Returns the numbers of a list as the kernel writes it, such as {@code 0-3,8}. */
  private static Set<Integer> list(String text) {
    Set<Integer> numbers = new TreeSet<>();
    for (String range : text.strip().split(",", -1)) {
      String[] ends = range.split("-", 2);
      OptionalInt first = number(ends[0], 0, Short.MAX_VALUE);
      OptionalInt last = number(ends[ends.length - 1], 0, Short.MAX_VALUE);
      if (first.isEmpty() || last.isEmpty()) {
        return Set.of();
      }
      for (int i = first.getAsInt(); i <= last.getAsInt(); i++) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  private static OptionalInt number(String text) {
    return number(text, 1, MAX);
  }

  private static OptionalInt number(String text, int from, int to) {
    try {
      int number = Integer.parseInt(text.strip());
      return number >= from && number <= to ? OptionalInt.of(number) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Returns what a file says; nothing if it cannot be read. */
  static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns the count in words, such as {@code 1 thread} or {@code 2 threads}. */
  public static String inWords(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  /** Returns count and reason, such as {@code 2 threads, one for each …}. */
  @Override
  public String toString() {
    return inWords(count) + ", " + reason;
  }
}
