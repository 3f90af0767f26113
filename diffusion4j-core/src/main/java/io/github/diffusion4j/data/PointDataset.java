package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/** Points to learn from, [N, D], drawn once and kept in memory. */
public final class PointDataset implements Dataset {
  private final float[] values;
  private final int dimensions;

  /**
   * Takes over points.
   *
   * @param values point after point; used, not copied
   * @param dimensions D, how many numbers a point has
   */
  public PointDataset(float[] values, int dimensions) {
    if (dimensions < 1 || values.length == 0 || values.length % dimensions != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d numbers are no points of dimension %d; allowed: a positive multiple of it",
              values.length,
              dimensions));
    }
    this.values = values;
    this.dimensions = dimensions;
  }

  /** Returns D, how many numbers a point has. */
  public int dimensions() {
    return dimensions;
  }

  @Override
  public int size() {
    return values.length / dimensions;
  }

  /** Returns all points as a new tensor [N, D] of the calling thread's scope. */
  public Tensor points() {
    return Tensor.of(values, size(), dimensions);
  }

  @Override
  public String fingerprint() {
    Fingerprint fingerprint = new Fingerprint().add("points").add(dimensions);
    for (float value : values) {
      fingerprint.add(Float.floatToIntBits(value));
    }
    return fingerprint.digits();
  }

  /**
   * Walks through the points.
   *
   * @throws IllegalArgumentException if an augmentation is asked for: points have none
   */
  @Override
  public Batches batches(int batchSize, Augmentation augmentation, Seed seed, long firstBatch) {
    if (augmentation != Augmentation.NONE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "augmentation is %s; allowed for points: NONE", augmentation));
    }
    if (batchSize < 1 || firstBatch < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "batch size is %d and first batch %d; allowed: from 1 and 0 on",
              batchSize,
              firstBatch));
    }
    return new Walk(batchSize, new BatchOrder(size(), seed), firstBatch);
  }

  /** Points are at hand, so nothing is prepared ahead. */
  private final class Walk implements Batches {
    private final int batchSize;
    private final BatchOrder order;
    private long next;

    Walk(int batchSize, BatchOrder order, long first) {
      this.batchSize = batchSize;
      this.order = order;
      this.next = first;
    }

    @Override
    public Examples next() {
      float[] batch = new float[batchSize * dimensions];
      for (int i = 0; i < batchSize; i++) {
        int point = order.imageAt(next * batchSize + i);
        System.arraycopy(values, point * dimensions, batch, i * dimensions, dimensions);
      }
      next++;
      return new PointBatch(batch, dimensions);
    }

    @Override
    public void close() {
      // there are no threads to stop
    }
  }

  private record PointBatch(float[] values, int dimensions) implements Examples {
    @Override
    public Tensor x0() {
      return Tensor.of(values, values.length / dimensions, dimensions);
    }

    @Override
    public Optional<Tensor> labels() {
      return Optional.empty();
    }
  }
}
