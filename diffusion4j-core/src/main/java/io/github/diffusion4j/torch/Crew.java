package io.github.diffusion4j.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/**
 * Threads that each compute a part of a batch, on cores that are theirs.
 *
 * <p>Left alone, libtorch spreads each operation over all cores, and at the end of each they wait
 * for the slowest. What it does in one thread, such as copying and keeping accounts, all others
 * wait for too. With a part of the batch for each core nothing waits before the parts are done. The
 * results differ from those of the whole batch by rounding only, and only where an operation sums
 * over the batch.
 */
public final class Crew implements AutoCloseable {
  /** Smaller parts cost more in overhead than they gain. */
  private static final int SAMPLES_PER_PART = 8;

  /** What is done with a part: {@code count} samples from {@code first} on. */
  @FunctionalInterface
  public interface Task<T> {
    /** Returns the result for part {@code index}; called on the thread that computes it. */
    T of(int index, int first, int count);
  }

  private final List<ExecutorService> members = new ArrayList<>();
  private final ExecutorService soloist = Executors.newSingleThreadExecutor(Crew::daemon);

  /**
   * Starts {@code size} threads, which share the cores that libtorch may use, and one for what is
   * done {@link #alone}. With one part, the calling thread computes it itself.
   */
  public Crew(int size) {
    for (int i = 0; i < size; i++) {
      members.add(Executors.newSingleThreadExecutor(Crew::daemon));
    }
    int cores = Engine.threads();
    if (size > 1) {
      all(member -> limitTo(Math.max(1, cores / size)));
    }
    alone(() -> limitTo(1));
    torch.set_num_threads(cores); // for threads that are still to come; these keep theirs
  }

  /** Starts as many threads as are worth having for batches of {@code samples}. */
  public static Crew forBatchesOf(int samples) {
    return new Crew(sizeFor(samples));
  }

  /** Returns how many threads are worth having for batches of {@code samples}. */
  public static int sizeFor(int samples) {
    return Math.max(1, Math.min(Engine.threads(), samples / SAMPLES_PER_PART));
  }

  /** Returns into how many parts a batch is divided. */
  public int size() {
    return members.size();
  }

  /**
   * Does the task for all parts of a batch, and returns the results in the order of the samples.
   * Tensors of one thread's scope may be read in the others; a result that is a tensor must outlive
   * the scopes of the thread that made it.
   *
   * @param samples at least {@link #size}
   */
  public <T> List<T> share(int samples, Task<T> task) {
    return size() == 1
        ? List.of(task.of(0, 0, samples))
        : all(
            member -> {
              int first = start(member, samples);
              return task.of(member, first, start(member + 1, samples) - first);
            });
  }

  /**
   * Does something between two batches on one core: to divide many small operations takes longer
   * than they do.
   */
  public <T> T alone(Supplier<T> duty) {
    return finished(List.of(soloist.submit(duty::get))).get(0);
  }

  private int start(int member, int samples) {
    return (int) ((long) samples * member / size());
  }

  /** What one member does. */
  @FunctionalInterface
  private interface Duty<T> {
    T of(int member);
  }

  private <T> List<T> all(Duty<T> duty) {
    List<Future<T>> results = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      int member = i;
      results.add(members.get(i).submit(() -> duty.of(member)));
    }
    return finished(results);
  }

  /**
   * Waits for all, also when one has failed or this thread is interrupted: the others still use the
   * caller's tensors.
   */
  private static <T> List<T> finished(List<Future<T>> results) {
    List<T> values = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<T> result : results) {
      try {
        values.add(uninterrupted(result));
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    if (failures.isEmpty()) {
      return values;
    }
    throw failures.get(0) instanceof RuntimeException first
        ? first
        : new IllegalStateException(failures.get(0));
  }

  private static <T> T uninterrupted(Future<T> result) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int limitTo(int threads) {
    torch.get_num_threads(); // a thread's first look at the number resets it to that of all others
    torch.set_num_threads(threads);
    return torch.get_num_threads();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "crew");
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for parts that are still being computed, which an interrupted thread leaves behind. */
  @Override
  public void close() {
    List<ExecutorService> all = new ArrayList<>(members);
    all.add(soloist);
    all.forEach(ExecutorService::shutdown);
    try {
      for (ExecutorService each : all) {
        each.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
