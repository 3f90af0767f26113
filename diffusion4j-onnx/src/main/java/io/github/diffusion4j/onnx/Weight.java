package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * A tensor that a graph holds.
 *
 * @param value F32 or I64
 * @param shape the shape it has in the graph, with as many elements as {@code value}
 */
record Weight(String name, Tensor value, long[] shape) {
  /** Returns how many bytes the elements have. */
  long bytes() {
    return value.numel() * value.type().bytes();
  }

  /** Returns all that is said of it besides its elements. */
  TensorProto.Builder header() {
    TensorProto.Builder header =
        TensorProto.newBuilder().setName(name).setDataType(type(value.type()).getNumber());
    for (long extent : shape) {
      header.addDims(extent);
    }
    return header;
  }

  private static TensorProto.DataType type(DType type) {
    return switch (type) {
      case F32 -> TensorProto.DataType.FLOAT;
      case I64 -> TensorProto.DataType.INT64;
      default ->
          throw new IllegalArgumentException(
              String.format(Locale.ROOT, "weights are %s; allowed: F32", type));
    };
  }
}
