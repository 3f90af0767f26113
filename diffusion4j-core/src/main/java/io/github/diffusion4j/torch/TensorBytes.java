package io.github.diffusion4j.torch;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.bytedeco.javacpp.BytePointer;

/**
 * Moves the elements of tensors, as little-endian bytes in row-major order, straight between native
 * memory and a channel.
 */
public final class TensorBytes {
  private static final long CHUNK = 1 << 24;

  private TensorBytes() {}

  /** Writes all elements of {@code tensor}, in their own type. */
  public static void write(Tensor tensor, WritableByteChannel target) throws IOException {
    try (Scope scope = Scope.open()) {
      Tensor plain = tensor.detach().to(Device.CPU).contiguous();
      long size = plain.numel() * plain.type().bytes();
      for (long begin = 0; begin < size; begin += CHUNK) {
        ByteBuffer chunk = chunk(plain, begin, size);
        while (chunk.hasRemaining()) {
          target.write(chunk);
        }
      }
    }
  }

  /**
   * Returns a new tensor filled with the next bytes of {@code source}.
   *
   * @throws EOFException if there are too few
   */
  public static Tensor read(ReadableByteChannel source, DType type, long... shape)
      throws IOException {
    Tensor result = Tensor.zeros(type, shape);
    long size = result.numel() * type.bytes();
    try (Scope scope = Scope.open()) {
      for (long begin = 0; begin < size; begin += CHUNK) {
        ByteBuffer chunk = chunk(result, begin, size);
        while (chunk.hasRemaining()) {
          if (source.read(chunk) < 0) {
            throw new EOFException("the data end before the tensor " + result + " is complete");
          }
        }
      }
    }
    return result;
  }

  /**
   * Returns a new tensor of type {@code wanted} filled with the next bytes of {@code source}, which
   * are of type {@code stored}; never more than a chunk of them is in memory twice.
   *
   * @throws EOFException if there are too few
   */
  public static Tensor read(ReadableByteChannel source, DType stored, DType wanted, long... shape)
      throws IOException {
    if (stored == wanted) {
      return read(source, stored, shape);
    }
    Tensor result = Tensor.zeros(wanted, shape);
    long size = result.numel();
    long most = CHUNK / stored.bytes();
    for (long begin = 0; begin < size; begin += most) {
      try (Scope scope = Scope.open()) {
        long count = Math.min(most, size - begin);
        result.reshape(-1).narrow(0, begin, count).copyInPlace(read(source, stored, count));
      }
    }
    return result;
  }

  /** A buffer ends where a pointer's position no longer fits an int, so the address moves. */
  private static ByteBuffer chunk(Tensor tensor, long begin, long size) {
    BytePointer memory = new BytePointer(tensor.raw().data_ptr()).getPointer(begin);
    return memory.capacity(Math.min(CHUNK, size - begin)).asByteBuffer();
  }
}
