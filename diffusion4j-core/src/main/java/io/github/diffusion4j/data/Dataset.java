package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;

/** What a network learns from: images or points, numbered from 0. */
public interface Dataset {
  /** Returns the number of samples, 1 or more. */
  int size();

  /**
   * Returns 16 hexadecimal digits that change when the data change, to recognize the data a run was
   * trained on.
   */
  String fingerprint();

  /**
   * Starts the endless walk through the data that a seed describes.
   *
   * @param batchSize N, the number of samples in each batch; may exceed the size of the data set
   * @param augmentation what is done to samples at random
   * @param firstBatch the number of the batch that comes first, 0 at the start of a run
   */
  Batches batches(int batchSize, Augmentation augmentation, Seed seed, long firstBatch);
}
