package io.github.diffusion4j.torch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * An n-dimensional array in native memory, with the verbs that diffusion formulas need.
 *
 * <p>Verbs without the suffix {@code InPlace} return a new tensor, which belongs to the {@link
 * Scope} that is open on this thread; they never close their arguments. Two tensors of different
 * shapes are broadcast by NumPy's rules. Wrong shapes are reported by libtorch as {@link
 * RuntimeException}. Functions of networks (convolutions, norms, activations) are in {@link
 * Functions}.
 */
public final class Tensor extends Arithmetic implements AutoCloseable {
  static {
    Engine.load();
  }

  Tensor(org.bytedeco.pytorch.Tensor raw) {
    super(raw);
  }

  @Override
  Tensor self() {
    return this;
  }

  // Making

  /** Returns an F32 tensor with the values of {@code data} in row-major order. */
  public static Tensor of(float[] data, long... shape) {
    return new Tensor(org.bytedeco.pytorch.Tensor.create(data, checked(data.length, shape)));
  }

  /** Returns an F64 tensor with the values of {@code data} in row-major order. */
  public static Tensor of(double[] data, long... shape) {
    return new Tensor(org.bytedeco.pytorch.Tensor.create(data, checked(data.length, shape)));
  }

  /** Returns an I64 tensor with the values of {@code data} in row-major order. */
  public static Tensor of(long[] data, long... shape) {
    return new Tensor(org.bytedeco.pytorch.Tensor.create(data, checked(data.length, shape)));
  }

  /** Returns a tensor of any type from its little-endian bytes in row-major order. */
  public static Tensor of(DType type, byte[] bytes, long... shape) {
    Tensor result = zeros(type, shape);
    if (result.numel() * type.bytes() != bytes.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d bytes do not fill %s of %s",
              bytes.length,
              Arrays.toString(shape),
              type));
    }
    result.bytes().put(bytes);
    return result;
  }

  /** Returns an F32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return new Tensor(torch.zeros(shape));
  }

  /** Returns a tensor of zeros of the given type. */
  public static Tensor zeros(DType type, long... shape) {
    return new Tensor(torch.zeros(shape, new org.bytedeco.pytorch.TensorOptions(type.raw())));
  }

  /** Returns an F32 tensor filled with {@code value}. */
  public static Tensor full(double value, long... shape) {
    return new Tensor(torch.full(shape, new Scalar(value)).to(DType.F32.raw()));
  }

  /**
   * Returns zeros that all share one number's memory, to be given a {@link #rehome} of their own.
   */
  public static Tensor homeless(long... shape) {
    return new Tensor(torch.zeros(1).expand(shape));
  }

  /** Returns the I64 tensor 0, 1, …, {@code count} − 1. */
  public static Tensor arange(long count) {
    return new Tensor(torch.arange(new Scalar(count)));
  }

  /** Returns the tensors joined along dimension {@code dim}. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return new Tensor(torch.cat(vector(tensors), dim));
  }

  /** Returns the tensors joined along a new dimension {@code dim}. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return new Tensor(torch.stack(vector(tensors), dim));
  }

  // Shape

  /** Returns the extents, for images [N, C, H, W]. */
  public long[] shape() {
    long[] shape = new long[(int) raw.dim()];
    Arrays.setAll(shape, raw::size);
    return shape;
  }

  /** Returns the extent of dimension {@code dim}; negative numbers count from the end. */
  public long size(int dim) {
    return raw.size(dim);
  }

  /** Returns the number of elements. */
  public long numel() {
    return raw.numel();
  }

  /** Returns the same elements in another shape; one extent may be −1. */
  public Tensor reshape(long... shape) {
    return new Tensor(raw.reshape(shape));
  }

  /** Returns a view with the dimensions in the order {@code dims}. */
  public Tensor permute(long... dims) {
    return new Tensor(raw.permute(dims));
  }

  /**
   * Returns a view of these elements, as they lie in memory, with the given shape and strides; the
   * caller has checked that it stays inside.
   */
  public Tensor strided(long[] shape, long[] strides, long offset) {
    try (LongOptional start = new LongOptional(offset)) {
      return new Tensor(raw.as_strided(shape, strides, start));
    }
  }

  /** Returns a view of {@code length} entries of dimension {@code dim}, from {@code start} on. */
  public Tensor narrow(int dim, long start, long length) {
    return new Tensor(raw.narrow(dim, start, length));
  }

  /** Returns a view of one entry of dimension {@code dim}, which disappears. */
  public Tensor select(int dim, long index) {
    return new Tensor(raw.select(dim, index));
  }

  /** Returns the rows that the I64 tensor {@code index} names, along the first dimension. */
  public Tensor rows(Tensor index) {
    return new Tensor(raw.index_select(0, index.raw));
  }

  /** Returns the elements repeated to fill {@code shape}, without copying. */
  public Tensor expand(long... shape) {
    return new Tensor(raw.expand(shape));
  }

  /** Returns the elements in reverse order along dimension {@code dim}. */
  public Tensor flip(int dim) {
    return new Tensor(raw.flip(dim));
  }

  // Type, place and layout

  /** Returns the element type. */
  public DType type() {
    return DType.of(raw.scalar_type());
  }

  /** Returns the elements converted to {@code type}. */
  public Tensor to(DType type) {
    return new Tensor(raw.to(type.raw()));
  }

  /** Returns where the elements are. */
  public Device device() {
    return raw.is_cpu() ? Device.CPU : Device.CUDA;
  }

  /** Returns the elements on {@code device}. */
  public Tensor to(Device device) {
    return new Tensor(raw.to(device.raw(), raw.scalar_type()));
  }

  /** Returns the elements with the type and on the device of {@code other}. */
  public Tensor like(Tensor other) {
    return new Tensor(raw.to(other.raw));
  }

  /** Returns the elements in row-major order in memory. */
  public Tensor contiguous() {
    return new Tensor(raw.contiguous());
  }

  /**
   * Returns [N, C, H, W] with the channels innermost in memory. Convolutions like it; group
   * normalization on a CPU is many times slower in it (docs/decisions/0007).
   */
  public Tensor channelsLast() {
    return new Tensor(raw.contiguous(torch.MemoryFormat.ChannelsLast));
  }

  /** Returns a copy with memory of its own. */
  public Tensor copy() {
    return new Tensor(raw.clone());
  }

  // Gradients

  /** Marks this tensor as a parameter: operations on it are recorded for {@link #backward}. */
  public Tensor trainable() {
    raw.set_requires_grad(true);
    return this;
  }

  /** Returns the same elements cut off from the recorded operations. */
  public Tensor detach() {
    return new Tensor(raw.detach());
  }

  /** Adds the derivative of this single number to the gradient of every parameter behind it. */
  public void backward() {
    raw.backward();
  }

  /**
   * Returns the derivative of this single number by {@code input}, which was {@link #trainable}
   * when this was computed. What was recorded stays, so other numbers can be derived from it too.
   */
  public Tensor derivativeBy(Tensor input) {
    return derivative(input, false).detach();
  }

  /** As {@link #derivativeBy}, and what is made of the derivative has a {@link #backward} too. */
  public Tensor recordedDerivativeBy(Tensor input) {
    return derivative(input, true);
  }

  private Tensor derivative(Tensor input, boolean recorded) {
    TensorVector derivatives =
        torch.grad(
            new TensorVector(raw),
            new TensorVector(input.raw),
            new TensorVector(),
            new BoolOptional(true),
            recorded,
            false);
    // the vector's own entry goes with the vector
    return new Tensor(new org.bytedeco.pytorch.Tensor(derivatives.get(0)));
  }

  /**
   * Returns the gradient that {@link #backward} added up since the last {@link #clearGradient}; it
   * is this parameter's, and zeros where no gradient has come.
   */
  public Tensor gradient() {
    org.bytedeco.pytorch.Tensor place = raw.mutable_grad();
    if (!place.defined()) {
      place.put(torch.zeros_like(raw.detach()));
    }
    return new Tensor(new org.bytedeco.pytorch.Tensor(place)); // what is in the place may change
  }

  /** Forgets the gradient and frees its memory. */
  public void clearGradient() {
    raw.mutable_grad().reset();
  }

  /** Returns whether each element has memory of its own; those of {@link #homeless} have not. */
  public boolean hasHome() {
    return raw.is_contiguous();
  }

  /** Lets this tensor use the memory of {@code data} from now on, which has the same shape. */
  public void rehome(Tensor data) {
    raw.set_data(data.raw);
  }

  // Reading

  /** Returns the value of a tensor with one element. */
  public double item() {
    return raw.item().toDouble();
  }

  /** Returns the elements in row-major order, converted to F32. */
  public float[] toFloats() {
    float[] data = new float[Math.toIntExact(numel())];
    try (Scope scope = Scope.open()) {
      plain(DType.F32).bytes().asFloatBuffer().get(data);
    }
    return data;
  }

  /** Returns the elements in row-major order, converted to F64. */
  public double[] toDoubles() {
    double[] data = new double[Math.toIntExact(numel())];
    try (Scope scope = Scope.open()) {
      plain(DType.F64).bytes().asDoubleBuffer().get(data);
    }
    return data;
  }

  /** Returns the elements in row-major order, converted to I64. */
  public long[] toLongs() {
    long[] data = new long[Math.toIntExact(numel())];
    try (Scope scope = Scope.open()) {
      plain(DType.I64).bytes().asLongBuffer().get(data);
    }
    return data;
  }

  /** Returns the little-endian bytes of the elements in row-major order, in their own type. */
  public byte[] toBytes() {
    byte[] data = new byte[Math.toIntExact(numel() * type().bytes())];
    try (Scope scope = Scope.open()) {
      plain(type()).bytes().get(data);
    }
    return data;
  }

  /**
   * Takes this tensor out of the hands of every open {@link Scope}: it lives until {@link
   * #close()}.
   */
  public Tensor outlivingScopes() {
    raw.retainReference();
    return this;
  }

  /** Frees the native memory; needed only for tensors that belong to no scope. */
  @Override
  public void close() {
    raw.close();
  }

  /** Returns type and shape, for messages. */
  @Override
  public String toString() {
    return type() + Arrays.toString(shape());
  }

  private Tensor plain(DType type) {
    return new Tensor(raw.detach().to(Device.CPU.raw(), type.raw()).contiguous());
  }

  private ByteBuffer bytes() {
    long size = numel() * type().bytes();
    if (size == 0) {
      return ByteBuffer.allocate(0); // there is no memory to point to
    }
    return new BytePointer(raw.data_ptr()).capacity(size).asByteBuffer();
  }

  private static long[] checked(long count, long[] shape) {
    long product = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (product != count || Arrays.stream(shape).anyMatch(extent -> extent < 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d values do not fill the shape %s", count, Arrays.toString(shape)));
    }
    return shape;
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(Tensor::raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }
}
