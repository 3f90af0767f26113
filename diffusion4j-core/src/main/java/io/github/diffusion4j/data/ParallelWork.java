package io.github.diffusion4j.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The same work for each of many things on a few threads, with the results in order on the thread
 * that asked for them.
 */
record ParallelWork<T, R>(String name, Step<T, R> step) {
  private static final int THREADS = 2;
  private static final int CHUNK = 32;

  /** The work for one thing. */
  @FunctionalInterface
  interface Step<T, R> {
    R apply(T thing) throws IOException;
  }

  /**
   * Works on all {@code things}.
   *
   * @throws IOException the first one, in order, that the work threw
   */
  void run(List<T> things, Consumer<R> results, Progress progress) throws IOException {
    ExecutorService workers = Executors.newFixedThreadPool(THREADS, ParallelWork::daemon);
    try {
      List<Future<List<R>>> chunks = new ArrayList<>();
      for (int start = 0; start < things.size(); start += CHUNK) {
        List<T> chunk = things.subList(start, Math.min(things.size(), start + CHUNK));
        chunks.add(workers.submit(() -> apply(chunk)));
      }
      long done = 0;
      for (Future<List<R>> chunk : chunks) {
        List<R> finished = chunk.get();
        finished.forEach(results);
        done += finished.size();
        progress.at(name, done, OptionalLong.of(things.size()));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException(name + " failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(name + " was interrupted");
    } finally {
      workers.shutdownNow();
    }
  }

  private List<R> apply(List<T> chunk) throws IOException {
    List<R> results = new ArrayList<>(chunk.size());
    for (T thing : chunk) {
      results.add(step.apply(thing));
    }
    return results;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "image-decoder");
    thread.setDaemon(true);
    return thread;
  }
}
