package io.github.diffusion4j.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * An operation on inputs for which the right answer is known: the same in 64 bits, which other
 * kernels compute than those for 32 bits.
 *
 * @param kind what kind of operation it is, such as {@code convolution 3x3}
 * @param name its extents, for people
 * @param operation the operation, which has a gradient by each input
 * @param products how many products of two numbers it takes
 * @param inputs the shapes of the inputs, which are filled with standard normal numbers
 */
public record KnownAnswer(
    String kind, String name, Operation operation, long products, List<long[]> inputs) {
  private static final Seed SEED = Seed.of(13).derive("known answers");
  private static final double EPSILON = 0x1p-24;

  /** Rounding makes about one of these units, or some more in another order of summation. */
  private static final int UNITS = 16;

  /** Computes something of tensors of one type, in that type. */
  @FunctionalInterface
  public interface Operation {
    /** Returns the result for inputs of the shapes that belong to the operation. */
    Tensor of(List<Tensor> inputs);
  }

  /**
   * How far a result is off.
   *
   * @param where the operation, and which of its results
   * @param value the largest difference, divided by the largest value; infinite for NaN
   * @param limit how much of it rounding explains
   */
  public record Deviation(String where, double value, double limit) {
    /** Returns whether rounding explains it. */
    public boolean isRounding() {
      return value <= limit;
    }

    Deviation worse(Deviation other) {
      return other.value / other.limit > value / limit ? other : this;
    }
  }

  /** Copies the list. */
  public KnownAnswer {
    inputs = List.copyOf(inputs);
  }

  /**
   * Returns a convolution that keeps the size where the stride is 1, with a bias unless it has
   * groups.
   *
   * @param batch [N, C, size, size + 2] is N
   */
  public static KnownAnswer convolution(
      int in, int out, int kernel, int stride, int groups, int batch, int size) {
    int padding = kernel / 2;
    long pixels =
        ((size + 2L * padding - kernel) / stride + 1)
            * ((size + 2 + 2L * padding - kernel) / stride + 1);
    long products = pixels * batch * out * (in / groups) * kernel * kernel;
    long[] x = {batch, in, size, size + 2};
    long[] weight = {out, in / groups, kernel, kernel};
    String kind =
        String.format(
            Locale.ROOT,
            "convolution %dx%1$d%s%s",
            kernel,
            stride == 1 ? "" : ", stride " + stride,
            groups == 1 ? "" : ", in groups");
    String name = String.format(Locale.ROOT, "%d to %d channels", in, out);
    return groups == 1
        ? new KnownAnswer(
            kind,
            name,
            all -> Functions.conv2d(all.get(0), all.get(1), all.get(2), stride, padding),
            products,
            List.of(x, weight, new long[] {out}))
        : new KnownAnswer(
            kind,
            name,
            all -> Functions.filter(all.get(0), all.get(1), stride, padding),
            products,
            List.of(x, weight));
  }

  /** Returns a transposed convolution with stride 2, which doubles a size of 4-pixel kernels. */
  public static KnownAnswer transposed(int in, int out, int kernel, int batch, int size) {
    return new KnownAnswer(
        "transposed convolution",
        String.format(Locale.ROOT, "%d to %d channels", in, out),
        all -> Functions.convTranspose2d(all.get(0), all.get(1), all.get(2), 2, 1),
        (long) batch * size * (size + 2) * in * out * kernel * kernel,
        List.of(
            new long[] {batch, in, size, size + 2},
            new long[] {in, out, kernel, kernel},
            new long[] {out}));
  }

  /** Returns a product of matrices. */
  public static KnownAnswer product(int rows, int inner, int columns) {
    return new KnownAnswer(
        "matrix product",
        String.format(Locale.ROOT, "%d x %d x %d", rows, inner, columns),
        all -> all.get(0).matmul(all.get(1)),
        (long) rows * inner * columns,
        List.of(new long[] {rows, inner}, new long[] {inner, columns}));
  }

  /** Returns a fully connected layer. */
  public static KnownAnswer linear(int rows, int in, int out) {
    return new KnownAnswer(
        "linear",
        String.format(Locale.ROOT, "%d to %d", in, out),
        all -> Functions.linear(all.get(0), all.get(1), all.get(2)),
        (long) rows * in * out,
        List.of(new long[] {rows, in}, new long[] {out, in}, new long[] {out}));
  }

  /** Returns an attention of {@code positions} in vectors of {@code width} numbers. */
  public static KnownAnswer attention(int batch, int heads, int positions, int width) {
    long[] shape = {batch, heads, positions, width};
    return new KnownAnswer(
        "attention",
        String.format(Locale.ROOT, "%d heads, %d positions of %d", heads, positions, width),
        all -> Functions.attention(all.get(0), all.get(1), all.get(2)),
        2L * batch * heads * positions * positions * width,
        List.of(shape, shape, shape));
  }

  /** Returns a function of each number by itself, or of a tensor [2, 6, 8, 10] as a whole. */
  public static KnownAnswer function(String kind, UnaryOperator<Tensor> function) {
    long[] x = {2, 6, 8, 10};
    return new KnownAnswer(
        kind, "2 x 6 x 8 x 10", all -> function.apply(all.get(0)), 960, List.of(x));
  }

  /** Returns a group normalization with scale and shift. */
  public static KnownAnswer groupNorm(int channels, int groups, int batch, int size) {
    long[] x = {batch, channels, size, size + 2};
    return new KnownAnswer(
        "group norm",
        String.format(Locale.ROOT, "%d channels in %d groups", channels, groups),
        all -> Functions.groupNorm(all.get(0), groups, all.get(1), all.get(2), 1e-5),
        (long) batch * channels * size * (size + 2) * (channels / groups) * size * (size + 2),
        List.of(x, new long[] {channels}, new long[] {channels}));
  }

  /**
   * Computes the operation and its gradients three times, since a fault that comes from memory that
   * nobody has set does not show each time: twice with all threads, and once with one, as the parts
   * of a batch are computed.
   *
   * @return the worst deviation
   */
  Deviation deviation(Crew crew) {
    try (Scope scope = Scope.open()) {
      List<Tensor> numbers = numbers();
      List<double[]> exact = evaluate(numbers, DType.F64);
      Deviation worst = compare(exact, evaluate(numbers, DType.F32));
      worst = worst.worse(compare(exact, crew.alone(() -> evaluate(numbers, DType.F32))));
      return worst.worse(compare(exact, evaluate(numbers, DType.F32)));
    }
  }

  /** Computes the operation and its gradients once, in 32 bits. */
  void run() {
    try (Scope scope = Scope.open()) {
      evaluate(numbers(), DType.F32);
    }
  }

  private List<Tensor> numbers() {
    List<Tensor> numbers = new ArrayList<>();
    for (long[] shape : inputs) {
      numbers.add(SEED.derive(numbers.size()).normal(shape));
    }
    return numbers;
  }

  /** Returns the result, and the gradients by each input of its product with random numbers. */
  private List<double[]> evaluate(List<Tensor> numbers, DType type) {
    try (Scope scope = Scope.open();
        Recording on = Recording.open()) {
      List<Tensor> leaves = numbers.stream().map(x -> x.to(type).copy().trainable()).toList();
      long largest = leaves.stream().mapToLong(Tensor::numel).max().orElse(0);
      DirtyMemory.leave(largest);
      Tensor result = operation.of(leaves);
      Tensor weights = SEED.derive("weights").normal(result.shape()).to(type);
      Tensor sum = result.times(weights).sum();
      DirtyMemory.leave(largest);
      sum.backward();
      List<double[]> all = new ArrayList<>();
      all.add(result.toDoubles());
      leaves.forEach(leaf -> all.add(leaf.gradient().toDoubles()));
      return all;
    }
  }

  private Deviation compare(List<double[]> exact, List<double[]> found) {
    Deviation worst = new Deviation("", 0, 1);
    for (int i = 0; i < exact.size(); i++) {
      double sums = Math.max(1, (double) products / exact.get(i).length);
      double limit = UNITS * EPSILON * Math.sqrt(sums);
      String part = i == 0 ? "" : ", gradient by " + (i == 1 ? "its input" : "input " + i);
      String where = kind + ", " + name + part;
      worst = worst.worse(new Deviation(where, deviation(exact.get(i), found.get(i)), limit));
    }
    return worst;
  }

  /** In Java, since what is on trial shall not judge itself. */
  private static double deviation(double[] exact, double[] found) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      difference = Math.max(difference, Math.abs(exact[i] - found[i])); // NaN stays
    }
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference / largest;
  }
}
