package io.github.diffusion4j.onnx;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that each compute a part of a batch. */
final class Workers implements AutoCloseable {
  /** A part's working set then stays in the caches; larger parts gain nothing. */
  private static final int IMAGES_PER_PART = 16;

  /** Some images of a batch: {@code count} of them from {@code first} on. */
  record Part(int first, int count) {}

  /** What is done for each part. */
  @FunctionalInterface
  interface Task<T> {
    T of(Part part) throws OrtException;
  }

  private final int threads;
  private final ExecutorService pool;

  Workers(int threads) {
    this.threads = threads;
    pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "onnx");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns whether there is at least one image for each thread. */
  boolean canShare(int images) {
    return images >= threads;
  }

  /**
   * Does the task for all parts of a batch and returns the results in the order of the images.
   *
   * @throws OrtException if the runtime fails at a part; no part is being computed any more then
   */
  <T> List<T> share(int images, Task<T> task) throws OrtException {
    List<Callable<T>> calls = new ArrayList<>();
    for (Part part : parts(images, threads)) {
      calls.add(() -> task.of(part));
    }
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a network was evaluated", e);
    }
  }

  /** Returns parts of nearly equal size, as many as give every thread the same number of them. */
  static List<Part> parts(int images, int threads) {
    long rounds = Math.max(1, Math.round(images / ((double) IMAGES_PER_PART * threads)));
    int count = (int) Math.min(images, rounds * threads);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = (int) ((long) images * i / count);
      parts.add(new Part(first, (int) ((long) images * (i + 1) / count) - first));
    }
    return parts;
  }

  /** Waits for parts that are still being computed, which an interrupted thread leaves behind. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
