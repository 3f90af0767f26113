package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * Images of one shape, numbered from 0, some with a class.
 *
 * <p>All methods may be called from several threads at once, and image {@code i} is always the same
 * image.
 */
public interface ImageDataset extends Dataset {

  /** Returns the number of images, 1 or more. */
  @Override
  int size();

  /** Returns the shape {@code [C, H, W]} of each image. */
  ImageShape shape();

  /**
   * Writes image {@code index} to {@code target}, channel after channel, values 0…255 as unsigned
   * bytes.
   *
   * @param offset where in {@code target} the first of {@code shape().pixels()} bytes goes
   * @throws IOException if the image cannot be read (any more); the message names the file
   * @throws IndexOutOfBoundsException if there is no such image
   */
  void read(int index, byte[] target, int offset) throws IOException;

  /** Returns the class of image {@code index}, or nothing for a set without classes. */
  OptionalInt label(int index);

  /** Returns the names of the classes by number; empty for a set without classes. */
  List<String> classNames();

  /** Prepares the batches in the background; see {@link BatchLoader}. */
  @Override
  default Batches batches(int batchSize, Augmentation augmentation, Seed seed, long firstBatch) {
    return new BatchLoader(this, batchSize, augmentation, seed, firstBatch);
  }

  /**
   * Returns the first {@code count} images as a data set of their own, without copying them.
   *
   * @throws IllegalArgumentException unless {@code count} is in 1…{@code size()}
   */
  default ImageDataset take(int count) {
    return new SubsetDataset(this, 0, count);
  }
}
