package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A graph that grows node by node. A node with one result bears its name; weights bear the names of
 * the network's parameters. The tensors must live until the weights have been written.
 */
final class Graph {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, Tensor> parameters;
  private final Set<String> unused;
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  /** An empty graph that may use {@code parameters}. */
  Graph(String name, Map<String, Tensor> parameters) {
    graph.setName(name);
    this.parameters = parameters;
    unused = new LinkedHashSet<>(parameters.keySet());
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
    node(operator, name, inputs, List.of(name), attributes);
    return name;
  }

  /** Adds a node with several results, which are named. */
  void node(
      String operator,
      String name,
      List<String> inputs,
      List<String> results,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addAllOutput(results)
            .addAllAttribute(Arrays.asList(attributes)));
  }

  /** Returns the names of the network's parameters that end in {@code ending}, in their order. */
  List<String> parameters(String ending) {
    return parameters.keySet().stream().filter(name -> name.endsWith(ending)).toList();
  }

  boolean hasParameter(String name) {
    return parameters.containsKey(name);
  }

  /** Adds a parameter of the network as it is. */
  String parameter(String name) {
    Tensor value = taken(name);
    return constant(name, value, value.shape());
  }

  /** Returns a parameter of the network, which the caller adds in another form. */
  Tensor taken(String name) {
    Tensor value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the network has no parameter " + name);
    }
    unused.remove(name);
    return value.detach();
  }

  /** Adds a tensor that is not a parameter of the network; equal names mean equal values. */
  String constant(String name, Tensor value, long... shape) {
    weights.putIfAbsent(name, new Weight(name, value, shape));
    return name;
  }

  /** Adds a number. */
  String number(double value) {
    return constant(Double.toString(value), Tensor.full(value, 1));
  }

  /** Adds a list of whole numbers, which is named after them. */
  String integers(long... values) {
    return constant(Arrays.toString(values), Tensor.of(values, values.length), values.length);
  }

  /** Returns the tensors that the graph holds. */
  List<Weight> weights() {
    return List.copyOf(weights.values());
  }

  /**
   * Returns the nodes, to which the weights are still to be added.
   *
   * @throws IllegalStateException if the graph left out parameters, so computes something else
   */
  GraphProto.Builder nodes() {
    if (!unused.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%d parameters have no place in the ONNX graph, the first is %s",
              unused.size(),
              unused.iterator().next()));
    }
    return graph;
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
