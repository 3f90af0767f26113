package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads damaged model folders for as long as one likes and stops at the first that is neither read
 * nor refused as documented (docs/decisions/0017). Run by {@code tools/fuzz-weights}.
 *
 * <p>Give the JVM a heap no larger than the allowance of the largest folder and what it needs for
 * itself: then memory beyond it is an error like any other. The folder being read lies in {@code
 * DIR/current}, also after a crash of the whole process; one that went wrong is moved to {@code
 * DIR/failed-SEED-NUMBER}.
 */
public final class WeightFuzz {
  /** Of the processor for one folder, however busy the machine is. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Of the clock, for a thread that waits for ever. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private static final Duration PROGRESS = Duration.ofSeconds(10);

  private static final class Count {
    long accepted;
    long refused;
  }

  private final Path directory;
  private final long seed;
  private final FuzzMutation mutation;
  private final Map<String, Count> counts = new TreeMap<>();
  private final Map<Path, byte[]> written = new HashMap<>();
  private final long begin = System.nanoTime();
  private volatile long number;
  private volatile long since;
  private volatile long cpuSince;
  private volatile boolean done;
  private long slowest;
  private long slowestNumber;
  private double largest;
  private long largestNumber;
  private int suspects;

  private WeightFuzz(Path directory, long seed) throws IOException {
    this.directory = directory;
    this.seed = seed;
    Files.createDirectories(directory);
    mutation = new FuzzMutation(FuzzCorpus.make(directory), seed);
  }

  /**
   * Takes {@code --minutes M}, {@code --seed N}, {@code --first K}, {@code --out DIR}; or a folder
   * to read once.
   */
  public static void main(String... arguments) throws Exception {
    Map<String, String> options = new TreeMap<>();
    options.put("--minutes", "10");
    options.put("--seed", "1");
    options.put("--first", "0");
    options.put("--out", "target/fuzz");
    if (arguments.length == 1) {
      System.out.println(FuzzTarget.read(Path.of(arguments[0])));
      return;
    }
    for (int i = 0; i < arguments.length; i += 2) {
      if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
        System.err.printf("%s is unknown; allowed: %s%n", arguments[i], options.keySet());
        System.exit(2);
      }
      options.put(arguments[i], arguments[i + 1]);
    }
    Path directory = Path.of(options.get("--out")).toAbsolutePath();
    WeightFuzz fuzz = new WeightFuzz(directory, Long.parseLong(options.get("--seed")));
    fuzz.number = Long.parseLong(options.get("--first"));
    fuzz.watch();
    fuzz.run(Math.round(Double.parseDouble(options.get("--minutes")) * 60));
  }

  /** Ends the whole process if one folder takes too long: a thread cannot be stopped. */
  private void watch() {
    Thread worker = Thread.currentThread();
    Thread watch =
        new Thread(
            () -> {
              while (!done) {
                sleep();
                if (hangs(worker.getId())) {
                  System.err.printf("number %d of seed %d hangs:%n", number, seed);
                  for (StackTraceElement place : worker.getStackTrace()) {
                    System.err.println("    at " + place);
                  }
                  System.err.println("it lies in " + directory.resolve("current"));
                  Runtime.getRuntime().halt(3);
                }
              }
            });
    watch.setDaemon(true);
    watch.start();
  }

  private boolean hangs(long worker) {
    long started = since; // the worker sets it to 0 at any time
    long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(worker) - cpuSince;
    return started != 0
        && started == since
        && (used > LONGEST.toNanos() || System.nanoTime() - started > LONGEST_WAIT.toNanos());
  }

  private static void sleep() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(long seconds) throws IOException {
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    long report = begin + PROGRESS.toNanos();
    for (long next = number; System.nanoTime() < end; next++) {
      number = next;
      one();
      if (System.nanoTime() > report) {
        System.out.println(line());
        report += PROGRESS.toNanos();
      }
    }
    done = true;
    System.out.println("clean: " + line());
    counts.forEach(
        (corpus, count) ->
            System.out.printf(
                "  %-12s %,9d read, %,9d refused%n", corpus, count.accepted, count.refused));
    System.out.printf(
        "  longest %.2f s of the processor (number %d); most allocated %.0f %% of what may be held (number %d);"
            + " %d allocated more, in all, in a heap of %d MiB%n",
        slowest / 1e9,
        slowestNumber,
        100 * largest,
        largestNumber,
        suspects,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private String line() {
    long total = counts.values().stream().mapToLong(c -> c.accepted + c.refused).sum();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return "seed %d, %,d folders in %.0f s, %.0f per second, next is %d"
        .formatted(seed, total, seconds, total / seconds, number);
  }

  private void one() throws IOException {
    FuzzCase folder = mutation.make(number);
    Path current = directory.resolve("current");
    write(current, folder);
    cpuSince = cpu();
    since = System.nanoTime();
    try {
      FuzzTarget.Result result = FuzzTarget.read(current);
      long took = cpu() - cpuSince;
      since = 0;
      record(folder, result, took);
      suspects += result.suspect() ? 1 : 0;
    } catch (Throwable e) { // whatever it is, it has been found
      done = true;
      Path failed = directory.resolve("failed-%d-%d".formatted(seed, number));
      write(failed, folder);
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      System.err.printf("number %d of seed %d went wrong; it lies in %s%n", number, seed, failed);
      System.err.println(trace);
      System.exit(1);
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void record(FuzzCase folder, FuzzTarget.Result result, long took) {
    Count count = counts.computeIfAbsent(folder.corpus(), name -> new Count());
    count.accepted += result.accepted() ? 1 : 0;
    count.refused += result.accepted() ? 0 : 1;
    if (took > slowest) {
      slowest = took;
      slowestNumber = number;
    }
    double share = (double) result.memory() / result.allowed();
    if (share > largest) {
      largest = share;
      largestNumber = number;
    }
  }

  /** Leaves files alone that are what they should be. */
  @SuppressWarnings("ReferenceEquality") // the very same bytes
  private void write(Path folder, FuzzCase content) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.toList()) {
        if (!content.files().containsKey(file.getFileName().toString())) {
          Files.delete(file);
          written.remove(file);
        }
      }
    }
    for (Map.Entry<String, byte[]> file : content.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (written.put(path, file.getValue()) != file.getValue()) {
        Files.write(path, file.getValue());
      }
    }
  }
}
