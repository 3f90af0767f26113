package io.github.diffusion4j.data;

import java.io.IOException;

/**
 * An endless walk through training data. Batch k is a function of the data, the batch size and the
 * seed, wherever the walk began; each epoch shows every sample once, in an order of its own.
 */
public interface Batches extends AutoCloseable {
  /**
   * Returns the next batch.
   *
   * @throws IOException if a sample could not be read
   */
  Examples next() throws IOException;

  /** Ends the walk. */
  @Override
  void close();
}
