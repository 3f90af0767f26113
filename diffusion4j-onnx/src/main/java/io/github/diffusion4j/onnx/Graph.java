package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph that grows node by node. Every node has one result, which bears the node's name; weights
 * bear the names of the network's parameters.
 */
final class Graph {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, Tensor> unused;
  private final Map<String, Tensor> parameters;
  private final Set<String> constants = new HashSet<>();

  /** An empty graph that may use {@code parameters}. */
  Graph(String name, Map<String, Tensor> parameters) {
    graph.setName(name);
    this.parameters = parameters;
    unused = new LinkedHashMap<>(parameters);
  }

  /**
   * Adds an input.
   *
   * @param extents numbers, or names of extents that each evaluation may choose
   */
  String input(String name, TensorProto.DataType type, Object... extents) {
    graph.addInput(value(name, type, extents));
    return name;
  }

  /** Adds an output; {@code name} is the name of a node. */
  void output(String name, TensorProto.DataType type, Object... extents) {
    graph.addOutput(value(name, type, extents));
  }

  /** Adds a node and returns the name of its result. */
  String node(String operator, String name, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name)
            .addAllAttribute(Arrays.asList(attributes)));
    return name;
  }

  boolean hasParameter(String name) {
    return parameters.containsKey(name);
  }

  /** Adds a parameter of the network as it is. */
  String parameter(String name) {
    Tensor value = taken(name);
    return constant(name, value, value.shape());
  }

  /** Adds a parameter of the network with its elements in another shape. */
  String parameter(String name, long... shape) {
    return constant(name, taken(name), shape);
  }

  /** Adds a matrix among the parameters of the network with rows and columns exchanged. */
  String transposed(String name) {
    try (Scope scope = Scope.open()) {
      Tensor value = taken(name).detach().permute(1, 0).contiguous();
      return constant(name + ".transposed", value, value.shape());
    }
  }

  /** Adds a tensor that is not a parameter of the network; equal names mean equal values. */
  String constant(String name, Tensor value, long... shape) {
    if (constants.add(name)) {
      TensorProto.Builder initializer =
          TensorProto.newBuilder()
              .setName(name)
              .setDataType(type(value.type()).getNumber())
              .setRawData(UnsafeByteOperations.unsafeWrap(value.toBytes()));
      for (long extent : shape) {
        initializer.addDims(extent);
      }
      graph.addInitializer(initializer);
    }
    return name;
  }

  /** Adds a list of whole numbers, which is named after them. */
  String integers(long... values) {
    try (Scope scope = Scope.open()) {
      return constant(Arrays.toString(values), Tensor.of(values, values.length), values.length);
    }
  }

  /**
   * Returns the finished graph.
   *
   * @throws IllegalStateException if the graph left out parameters, so computes something else
   */
  GraphProto build() {
    if (!unused.isEmpty()) {
      throw new IllegalStateException(
          "%d parameters have no place in the ONNX graph, the first is %s"
              .formatted(unused.size(), unused.keySet().iterator().next()));
    }
    return graph.build();
  }

  private Tensor taken(String name) {
    Tensor value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the network has no parameter " + name);
    }
    unused.remove(name);
    return value;
  }

  private static TensorProto.DataType type(DType type) {
    return switch (type) {
      case F32 -> TensorProto.DataType.FLOAT;
      case I64 -> TensorProto.DataType.INT64;
      default -> throw new IllegalArgumentException("weights are %s; allowed: F32".formatted(type));
    };
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... extents) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object extent : extents) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (extent instanceof Number number) {
        dimension.setDimValue(number.longValue());
      } else {
        dimension.setDimParam(extent.toString());
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
