package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;
import static io.github.diffusion4j.onnx.Attributes.integers;
import static io.github.diffusion4j.onnx.Attributes.real;
import static io.github.diffusion4j.onnx.Attributes.word;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/**
 * The layers of a U-Net as nodes. Each takes the names of its layer and its input and returns the
 * name of its result; images are [N, C, H, W] with any N, H and W.
 */
final class Layers {
  private final Graph graph;
  private final LayerConfig config;

  Layers(Graph graph, LayerConfig config) {
    this.graph = graph;
    this.config = config;
  }

  /** A 3x3 convolution that keeps height and width. */
  String convolution(String layer, String x) {
    return convolution(layer, x, 3, 1, 1, 1, 1, 1);
  }

  /** A 1x1 convolution. */
  String pointwise(String layer, String x) {
    return convolution(layer, x, 1, 1, 0, 0, 0, 0);
  }

  /** A 3x3 convolution of stride 2. */
  String downsample(String layer, String x) {
    return switch (config.downsampling()) {
      case SYMMETRIC -> convolution(layer, x, 3, 2, 1, 1, 1, 1);
      case RIGHT_BOTTOM -> convolution(layer, x, 3, 2, 0, 0, 1, 1);
    };
  }

  /** Pixels doubled in both directions, then a convolution. */
  String upsample(String layer, String x) {
    String scales = graph.constant("twice", Tensor.of(new float[] {1, 1, 2, 2}, 4), 4);
    String doubled =
        graph.node(
            "Resize",
            layer + ".doubled",
            List.of(x, "", scales),
            word("mode", "nearest"),
            word("coordinate_transformation_mode", "asymmetric"),
            word("nearest_mode", "floor"));
    return convolution(layer, doubled);
  }

  /** A linear layer of vectors [N, in]. */
  String linear(String layer, String x) {
    return graph.node(
        "Gemm",
        layer,
        List.of(x, graph.parameter(layer + ".weight"), graph.parameter(layer + ".bias")),
        integer("transB", 1));
  }

  /** x · sigmoid(x), in the form that runtimes fuse. */
  String silu(String name, String x) {
    String gate = graph.node("Sigmoid", name + ".sigmoid", List.of(x));
    return graph.node("Mul", name, List.of(x, gate));
  }

  /**
   * Group normalization as the normalization of groups as instances. Both shapes keep the last
   * extent and leave one to be inferred, so none has to be computed.
   */
  String groupNorm(String layer, String x, int channels) {
    int groups = config.groupsOf(channels);
    String ones = graph.constant("ones", Tensor.full(1, groups), groups);
    String zeros = graph.constant("zeros", Tensor.zeros(groups), groups);
    String split =
        graph.node("Reshape", layer + ".groups", List.of(x, graph.integers(0, groups, -1, 0)));
    String normal =
        graph.node(
            "InstanceNormalization",
            layer + ".normal",
            List.of(split, ones, zeros),
            real("epsilon", config.stabilizer()));
    String joined =
        graph.node(
            "Reshape", layer + ".channels", List.of(normal, graph.integers(0, channels, -1, 0)));
    String weight = graph.parameter(layer + ".weight", channels, 1, 1);
    String scaled = graph.node("Mul", layer + ".scaled", List.of(joined, weight));
    String bias = graph.parameter(layer + ".bias", channels, 1, 1);
    return graph.node("Add", layer, List.of(scaled, bias));
  }

  /** Two convolutions beside a shortcut, with the activated time embedding between them. */
  String residual(String layer, String x, String time, int in, int out) {
    String first = silu(layer + ".silu1", groupNorm(layer + ".norm1", x, in));
    String h = convolution(layer + ".conv1", first);
    String shift =
        graph.node(
            "Unsqueeze",
            layer + ".shift",
            List.of(linear(layer + ".time_emb_proj", time), graph.integers(2, 3)));
    h = graph.node("Add", layer + ".timed", List.of(h, shift));
    h = silu(layer + ".silu2", groupNorm(layer + ".norm2", h, out));
    h = convolution(layer + ".conv2", h);
    String shortcut = layer + ".conv_shortcut";
    String beside = graph.hasParameter(shortcut + ".weight") ? pointwise(shortcut, x) : x;
    return graph.node("Add", layer, List.of(h, beside));
  }

  /** Self-attention over all pixels, added to its input. */
  String attention(String layer, String x, int channels) {
    int width = Math.min(channels, config.headWidth().orElse(channels));
    String normal = groupNorm(layer + ".group_norm", x, channels);
    String columns =
        graph.node("Reshape", layer + ".columns", List.of(normal, graph.integers(0, channels, -1)));
    String rows = transpose(layer + ".rows", columns, 0, 2, 1);
    String mixed =
        width == channels ? oneHead(layer, rows, channels) : heads(layer, rows, channels, width);
    String result = transpose(layer + ".result", rowwise(layer + ".to_out.0", mixed), 0, 2, 1);
    // Height and width were merged above; the input is the only one who knows them.
    String shape = graph.node("Shape", layer + ".shape", List.of(x));
    String image = graph.node("Reshape", layer + ".image", List.of(result, shape));
    return graph.node("Add", layer, List.of(x, image));
  }

  private String oneHead(String layer, String rows, int channels) {
    String query = rowwise(layer + ".to_q", rows);
    String key = transpose(layer + ".key", rowwise(layer + ".to_k", rows), 0, 2, 1);
    String value = rowwise(layer + ".to_v", rows);
    return mixed(layer, query, key, value, channels);
  }

  private String heads(String layer, String rows, int channels, int width) {
    String split = graph.integers(0, 0, channels / width, width);
    String query = rowwise(layer + ".to_q", rows);
    String key = rowwise(layer + ".to_k", rows);
    String value = rowwise(layer + ".to_v", rows);
    query = graph.node("Reshape", layer + ".queries", List.of(query, split));
    key = graph.node("Reshape", layer + ".keys", List.of(key, split));
    value = graph.node("Reshape", layer + ".values", List.of(value, split));
    query = transpose(layer + ".query", query, 0, 2, 1, 3);
    key = transpose(layer + ".key", key, 0, 2, 3, 1);
    value = transpose(layer + ".value", value, 0, 2, 1, 3);
    String mixed = mixed(layer, query, key, value, width);
    String joined = transpose(layer + ".joined", mixed, 0, 2, 1, 3);
    return graph.node(
        "Reshape",
        layer + ".mixed",
        List.of(joined, graph.integers(0, 0, (long) channels / width * width)));
  }

  /** softmax(query · key / √width) · value. */
  private String mixed(String layer, String query, String key, String value, long width) {
    float factor = (float) (1 / Math.sqrt((double) width));
    String scale;
    try (Scope scope = Scope.open()) {
      scale = graph.constant("1/sqrt(" + width + ")", Tensor.of(new float[] {factor}, 1));
    }
    String products = graph.node("MatMul", layer + ".products", List.of(query, key));
    String scores = graph.node("Mul", layer + ".scores", List.of(products, scale));
    String weights =
        graph.node("Softmax", layer + ".weights", List.of(scores), integer("axis", -1));
    return graph.node("MatMul", layer + ".mixture", List.of(weights, value));
  }

  /** A linear layer of rows [N, pixels, in]. */
  private String rowwise(String layer, String rows) {
    String product =
        graph.node(
            "MatMul", layer + ".product", List.of(rows, graph.transposed(layer + ".weight")));
    return graph.node("Add", layer, List.of(product, graph.parameter(layer + ".bias")));
  }

  private String transpose(String name, String x, long... order) {
    return graph.node("Transpose", name, List.of(x), integers("perm", order));
  }

  private String convolution(String layer, String x, int kernel, int stride, long... border) {
    return graph.node(
        "Conv",
        layer,
        List.of(x, graph.parameter(layer + ".weight"), graph.parameter(layer + ".bias")),
        integers("kernel_shape", kernel, kernel),
        integers("strides", stride, stride),
        integers("pads", border));
  }
}
