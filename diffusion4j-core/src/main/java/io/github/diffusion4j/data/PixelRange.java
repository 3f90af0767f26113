package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * The border between bytes 0…255, in which images are stored, and [−1, 1], in which the process
 * works.
 *
 * <p>Byte v becomes v / 127.5 − 1. On the way back values are cut off at ±1 and x becomes (x + 1) ·
 * 127.5 rounded to the nearest integer, halves away from zero, so every byte comes back as it was.
 */
public final class PixelRange {
  private static final float[] MODEL_VALUES = new float[256];

  static {
    for (int v = 0; v < 256; v++) {
      MODEL_VALUES[v] = (float) (v / 127.5 - 1);
    }
  }

  private PixelRange() {}

  /** Returns the value in [−1, 1] of an unsigned byte. */
  public static float toModel(byte value) {
    return MODEL_VALUES[Byte.toUnsignedInt(value)];
  }

  /**
   * Returns the unsigned byte nearest to {@code value}.
   *
   * @throws IllegalArgumentException if the value is not a number, which would be a black pixel
   *     that looks like a good one
   */
  public static byte toByte(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("a pixel is not a number (NaN)");
    }
    double clamped = Math.max(-1.0, Math.min(1.0, value));
    return (byte) Math.round((clamped + 1) * 127.5);
  }

  /** Returns the values in [−1, 1] of unsigned bytes. */
  public static float[] toModel(byte[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = toModel(values[i]);
    }
    return result;
  }

  /**
   * Returns the elements of {@code x}, in row-major order, as unsigned bytes.
   *
   * @param x images {@code [N, C, H, W]}, or any other shape, nominally in [−1, 1]
   * @throws IllegalArgumentException if an element is not a number
   */
  public static byte[] toBytes(Tensor x) {
    float[] values;
    try (Scope scope = Scope.open()) {
      values = x.toFloats();
    }
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = toByte(values[i]);
    }
    return result;
  }
}
