package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import java.util.List;

/**
 * A tensor of a {@link TorchFile} that has not been read yet: a view of a stretch of elements.
 *
 * @param storage the name of the stretch
 * @param type of the elements
 * @param elements how many the stretch has
 * @param offset index of the first element of this tensor
 * @param shape extent of each dimension
 * @param strides distance between neighbors along each dimension, in elements
 */
public record StoredTensor(
    String storage, DType type, long elements, long offset, List<Long> shape, List<Long> strides) {
  private static final int MOST_DIMENSIONS = 64;

  /** Refuses views that reach outside their stretch, or repeat its elements. */
  public StoredTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    requireUsual(shape);
    require(offset >= 0 && elements >= 0 && shape.size() == strides.size(), storage);
    long last = offset;
    long count = 1;
    for (int i = 0; i < shape.size(); i++) {
      require(shape.get(i) >= 0 && strides.get(i) >= 0, storage);
      if (shape.get(i) > 0) {
        last = Math.addExact(last, Math.multiplyExact(shape.get(i) - 1, strides.get(i)));
      }
      count = Math.multiplyExact(count, shape.get(i));
    }
    require(count == 0 || (last < elements && count <= elements), storage);
  }

  /**
   * Refuses shapes that libtorch cannot compute with, even if there are no elements.
   *
   * @throws ArithmeticException if extents, those of 0 aside, have a product beyond 64 bits, or
   *     there are more than 64 of them
   */
  static void requireUsual(List<Long> shape) {
    requireFew(shape.size());
    long bytes = Long.BYTES;
    for (long extent : shape) {
      bytes = Math.multiplyExact(bytes, Math.max(1, extent));
    }
  }

  /** Refuses more dimensions than libtorch has room for. */
  static void requireFew(int dimensions) {
    if (dimensions > MOST_DIMENSIONS) {
      throw new ArithmeticException("too many dimensions");
    }
  }

  /** Returns whether the elements lie one after the other in the order of the last index. */
  boolean isRowMajor() {
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      if (shape.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= shape.get(i);
    }
    return true;
  }

  private static void require(boolean fits, String storage) {
    if (!fits) {
      throw new IllegalArgumentException(
          "a tensor does not fit its storage " + OneLine.of(storage));
    }
  }
}
