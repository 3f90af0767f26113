package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import java.util.List;

/**
 * What a file says about a tensor whose elements have not been read.
 *
 * @param type of the elements
 * @param shape extent of each dimension
 */
public record TensorForm(DType type, List<Long> shape) {
  /** Copies the shape. */
  public TensorForm {
    shape = List.copyOf(shape);
  }

  static TensorForm of(StoredTensor tensor) {
    return new TensorForm(tensor.type(), tensor.shape());
  }

  /** Returns the number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
