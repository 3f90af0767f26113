package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What an optimizer remembers of each parameter, in one vector.
 *
 * @param whole F32 [length], the parameters' one after the other
 * @param pieces views of it with the parameters' shapes
 */
record StateVector(Tensor whole, List<Tensor> pieces) implements AutoCloseable {
  /** Returns zeros for each number in {@code parameters}, owned by whoever holds them. */
  static StateVector zerosLike(List<Tensor> parameters) {
    long length = parameters.stream().mapToLong(Tensor::numel).sum();
    Tensor whole = Tensor.zeros(length).outlivingScopes();
    try (Scope scope = Scope.open()) {
      List<Tensor> pieces = pieces(whole, parameters);
      pieces.forEach(Tensor::outlivingScopes);
      return new StateVector(whole, pieces);
    }
  }

  /** Cuts a vector into pieces with the shapes of {@code parameters}, without copying. */
  static List<Tensor> pieces(Tensor whole, Collection<Tensor> parameters) {
    List<Tensor> pieces = new ArrayList<>();
    long start = 0;
    for (Tensor like : parameters) {
      pieces.add(whole.narrow(0, start, like.numel()).reshape(like.shape()));
      start += like.numel();
    }
    return List.copyOf(pieces);
  }

  @Override
  public void close() {
    pieces.forEach(Tensor::close);
    whole.close();
  }
}
