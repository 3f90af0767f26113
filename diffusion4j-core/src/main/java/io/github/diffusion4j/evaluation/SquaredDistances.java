package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.stream.IntStream;

/**
 * The squared distances of each sample of one set to all of another, a few rows at a time.
 *
 * <p>The expansion |x|² + |y|² − 2 x·y makes them a matrix product, which is fast but leaves a
 * rounding error that would tear ties apart and give copies a distance. Its size is bounded, so
 * whoever compares asks {@link Row#exact} for those few that the bound leaves undecided.
 */
final class SquaredDistances {
  private static final int AT_ONCE = 1 << 24; // numbers of one block: 128 MiB

  private final Features from;
  private final Features to;
  private final double[] normsFrom;
  private final double[] normsTo;
  private final double relativeError;

  SquaredDistances(Features from, Features to) {
    Features.requireComparable(from, to);
    this.from = from;
    this.to = to;
    this.normsFrom = from.squaredNorms();
    this.normsTo = to.squaredNorms();
    // each of the three sums is wrong by at most D ulp of |x|² + |y|²; the rest is for good measure
    this.relativeError = 4 * (to.dimension() + 8) * Math.ulp(1.0);
  }

  /** What is done with the distances of one sample; called from several threads at once. */
  interface Visitor {
    void visit(Row row);
  }

  /** The distances of sample {@code index} to all of the other set. */
  final class Row {
    private final int index;
    private final double[] block;
    private final int offset;

    Row(int index, double[] block, int offset) {
      this.index = index;
      this.block = block;
      this.offset = offset;
    }

    int index() {
      return index;
    }

    int length() {
      return to.count();
    }

    /** The squared distance to sample j, wrong by {@link #error} at most. */
    double rough(int j) {
      return normsFrom[index] + normsTo[j] - 2 * block[offset + j];
    }

    double error(int j) {
      return relativeError * (normsFrom[index] + normsTo[j]);
    }

    double exact(int j) {
      return from.squaredDistance(index, to, j);
    }
  }

  void forEachRow(Visitor visitor) {
    int rows = Math.max(1, AT_ONCE / to.count());
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor columns = to.rows().permute(1, 0);
      for (int first = 0; first < from.count(); first += rows) {
        int start = first;
        int length = Math.min(rows, from.count() - first);
        double[] products = products(start, length, columns);
        IntStream.range(0, length)
            .parallel()
            .forEach(i -> visitor.visit(new Row(start + i, products, i * to.count())));
      }
    }
  }

  private double[] products(int first, int length, Tensor columns) {
    try (Scope block = Scope.open()) {
      return from.rows(first, length).matmul(columns).toDoubles();
    }
  }
}
