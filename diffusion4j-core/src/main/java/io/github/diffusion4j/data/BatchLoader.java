package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Prepares batches in the background, a few ahead, so that the network does not wait for files.
 *
 * <p>The batches of a run are one endless walk through the data: batch k shows the positions k · N
 * … k · N + N − 1, and each epoch is a fresh random order of all images, so a batch may end one
 * epoch and begin the next. Batch k depends on the data, N, the augmentation and the seed, not on
 * where the loader was started. One thread calls {@link #next}.
 */
public final class BatchLoader implements Batches {
  private static final int BATCHES_AHEAD = 4;
  private static final int THREADS = 2;

  private final ImageDataset dataset;
  private final int batchSize;
  private final Augmentation augmentation;
  private final BatchOrder order;
  private final Seed flips;
  private final boolean labeled;
  private final ExecutorService workers;
  private final Queue<Future<Batch>> ahead = new ArrayDeque<>(BATCHES_AHEAD);
  private long nextStep;

  /**
   * Starts to prepare batches.
   *
   * @param batchSize N, the number of images in each batch; may exceed the size of the data set
   * @param firstStep the number of the batch that {@link #next} returns first, 0 at the start of a
   *     run
   */
  public BatchLoader(
      ImageDataset dataset, int batchSize, Augmentation augmentation, Seed seed, long firstStep) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "batch size is %d; allowed: 1 or more", batchSize));
    }
    if (firstStep < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "first step is %d; allowed: 0 or more", firstStep));
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.augmentation = augmentation;
    this.order = new BatchOrder(dataset.size(), seed);
    this.flips = seed.derive("flip");
    this.labeled = !dataset.classNames().isEmpty();
    this.workers = Executors.newFixedThreadPool(THREADS, BatchLoader::daemon);
    this.nextStep = firstStep;
    while (ahead.size() < BATCHES_AHEAD) {
      prepareNext();
    }
  }

  /**
   * Returns the next batch, and waits for it where it is not ready.
   *
   * @throws IOException if an image could not be read; the cause is the error of the background
   *     thread
   * @throws IllegalStateException if the loader was closed
   */
  @Override
  public Batch next() throws IOException {
    Future<Batch> first = ahead.poll();
    if (first == null) {
      throw new IllegalStateException("the batch loader is closed");
    }
    try {
      Batch batch = first.get();
      prepareNext();
      return batch;
    } catch (ExecutionException e) {
      close();
      throw new IOException("could not prepare a batch: " + reason(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a batch");
    }
  }

  /** Stops the background threads and drops what they prepared. */
  @Override
  public void close() {
    workers.shutdownNow();
    ahead.clear();
  }

  private void prepareNext() {
    long step = nextStep++;
    ahead.add(workers.submit(() -> batch(step)));
  }

  private Batch batch(long step) throws IOException {
    ImageShape shape = dataset.shape();
    float[] pixels = new float[Math.multiplyExact(batchSize, shape.pixels())];
    long[] classes = new long[labeled ? batchSize : 0];
    byte[] image = new byte[shape.pixels()];
    for (int i = 0; i < batchSize; i++) {
      long position = Math.multiplyExact(step, (long) batchSize) + i;
      int index = order.imageAt(position);
      dataset.read(index, image, 0);
      if (isFlipped(position)) {
        flip(image, shape.width());
      }
      int offset = i * image.length;
      for (int p = 0; p < image.length; p++) {
        pixels[offset + p] = PixelRange.toModel(image[p]);
      }
      if (labeled) {
        classes[i] = dataset.label(index).orElseThrow();
      }
    }
    return new Batch(pixels, classes, shape, batchSize);
  }

  private boolean isFlipped(long position) {
    return switch (augmentation) {
      case NONE -> false;
      case HORIZONTAL_FLIP -> flips.derive(position).value() < 0; // one fair bit
    };
  }

  /** Reverses each row in place; rows of all channels follow one another. */
  private static void flip(byte[] image, int width) {
    for (int row = 0; row < image.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        byte swap = image[left];
        image[left] = image[right];
        image[right] = swap;
      }
    }
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null || cause.getMessage() == null) {
      return String.valueOf(cause);
    }
    return cause.getMessage();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "batch-loader");
    thread.setDaemon(true);
    return thread;
  }
}
