package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types of a {@link Tensor}, with the names that safetensors files use. */
public enum DType {
  /** 64-bit floating point. */
  F64(8, ScalarType.Double),
  /** 32-bit floating point, the type of all network arithmetic on a CPU. */
  F32(4, ScalarType.Float),
  /** 16-bit floating point. */
  F16(2, ScalarType.Half),
  /** 16-bit floating point with the exponent range of {@link #F32}. */
  BF16(2, ScalarType.BFloat16),
  /** 64-bit integers: time steps, labels, indices. */
  I64(8, ScalarType.Long),
  /** 32-bit integers. */
  I32(4, ScalarType.Int),
  /** 16-bit integers. */
  I16(2, ScalarType.Short),
  /** 8-bit integers. */
  I8(1, ScalarType.Char),
  /** Bytes 0…255: pixels. */
  U8(1, ScalarType.Byte),
  /** Truth values, one byte each. */
  BOOL(1, ScalarType.Bool);

  private final int bytes;
  private final ScalarType raw;

  DType(int bytes, ScalarType raw) {
    this.bytes = bytes;
    this.raw = raw;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  ScalarType raw() {
    return raw;
  }

  static DType of(ScalarType raw) {
    for (DType type : values()) {
      if (type.raw == raw.intern()) {
        return type;
      }
    }
    throw new IllegalArgumentException("unsupported element type " + raw.intern());
  }
}
