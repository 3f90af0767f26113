package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the residual blocks are told: vectors made of the time and the label. */
final class Conditioning {
  /** The linear layers of residual blocks. */
  private static final String PROJECTION = ".time_emb_proj";

  /** Those of adaptive norms, which see the embedding before its activation. */
  private static final String ADAPTIVE = ".linear";

  private final Graph graph;
  private final UNetConfig config;
  private final Layers layers;
  private final TimeNodes times;

  Conditioning(Graph graph, UNetConfig config, Layers layers) {
    this.graph = graph;
    this.config = config;
    this.layers = layers;
    times = new TimeNodes(graph, config, layers);
  }

  /** Returns the name of what is added in the block or norm {@code layer}, [N, C, 1, 1]. */
  static String shift(String layer) {
    return layer + ".shift";
  }

  /** Returns the name of what is multiplied with there, [N, C, 1, 1]. */
  static String factor(String layer) {
    return layer + ".factor";
  }

  /** Adds the nodes that make {@link #shift} and {@link #factor} of all blocks of the time. */
  void tell(String time) {
    String sum = embedding("time_embedding", times.features("time", time));
    if (config.labels().isPresent()) {
      sum = layers.sum("time_and_class", sum, label(config.labels().get()));
    }
    project(
        PROJECTION,
        layers.activation("embedding", sum),
        config.layers().block().timeConditioning());
    project(ADAPTIVE, sum, TimeConditioning.SCALE_SHIFT);
  }

  private String label(ClassEmbeddingKind kind) {
    String layer = "class_embedding";
    return switch (kind) {
      case TABLE -> {
        String labels = graph.input(UNetGraph.LABELS, DataType.INT64, "batch");
        String table = graph.parameter(layer + ".weight");
        yield graph.node("Gather", layer, List.of(table, labels));
      }
      case TIMESTEP -> {
        String labels = graph.input(UNetGraph.LABELS, DataType.FLOAT, "batch");
        yield embedding(layer, times.features("label", labels));
      }
      case IDENTITY -> graph.input(UNetGraph.LABELS, DataType.FLOAT, "batch", config.timeWidth());
    };
  }

  private String embedding(String layer, String features) {
    String hidden = layers.linear(layer + ".linear_1", features);
    return layers.linear(layer + ".linear_2", layers.silu(layer + ".act", hidden));
  }

  /** One product for all linear layers of this name, cut into what each of them gives. */
  private void project(String linear, String embedding, TimeConditioning conditioning) {
    List<Tensor> matrices = new ArrayList<>();
    Map<String, Tensor> biases = new LinkedHashMap<>();
    for (String weight : graph.parameters(linear + ".weight")) {
      String layer = weight.substring(0, weight.length() - (linear + ".weight").length());
      matrices.add(graph.taken(weight));
      putBiases(layer, graph.taken(layer + linear + ".bias"), conditioning, biases);
    }
    if (matrices.isEmpty()) {
      return;
    }
    String name = "all" + linear;
    Tensor matrix = Tensor.cat(matrices, 0);
    Tensor bias = Tensor.cat(List.copyOf(biases.values()), 0);
    String weights = graph.constant(name + ".weight", matrix, matrix.shape());
    String shifts = graph.constant(name + ".bias", bias, bias.shape());
    String all = layers.linear(name, embedding, weights, shifts);
    String image = graph.node("Unsqueeze", name + ".image", List.of(all, graph.integers(2, 3)));
    long[] lengths = biases.values().stream().mapToLong(Tensor::numel).toArray();
    String cuts =
        graph.constant(name + ".lengths", Tensor.of(lengths, lengths.length), lengths.length);
    List<String> told = List.copyOf(biases.keySet());
    graph.node("Split", name + ".parts", List.of(image, cuts), told, integer("axis", 1));
  }

  /** Puts the biases of a layer's vectors by the vectors' names; factors are counted from 1. */
  private static void putBiases(
      String layer, Tensor bias, TimeConditioning conditioning, Map<String, Tensor> biases) {
    switch (conditioning) {
      case SHIFT -> biases.put(shift(layer), bias);
      case SCALE_SHIFT -> {
        long channels = bias.size(0) / 2;
        biases.put(factor(layer), bias.narrow(0, 0, channels).plus(1));
        biases.put(shift(layer), bias.narrow(0, channels, channels));
      }
    }
  }
}
