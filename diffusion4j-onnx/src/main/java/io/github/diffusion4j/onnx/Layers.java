package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;
import static io.github.diffusion4j.onnx.Attributes.integers;
import static io.github.diffusion4j.onnx.Attributes.real;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.LayerConfig;
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

  /** A 1x1 convolution without a bias. */
  String projection(String layer, String x) {
    List<String> inputs = List.of(x, graph.parameter(layer + ".weight"));
    return graph.node("Conv", layer, inputs, integers("kernel_shape", 1, 1));
  }

  /** A 3x3 convolution of stride 2. */
  String downsample(String layer, String x) {
    return switch (config.downsampling()) {
      case SYMMETRIC -> convolution(layer, x, 3, 2, 1, 1, 1, 1);
      case RIGHT_BOTTOM -> convolution(layer, x, 3, 2, 0, 0, 1, 1);
    };
  }

  /** A linear layer of vectors [N, in]. */
  String linear(String layer, String x) {
    return linear(layer, x, graph.parameter(layer + ".weight"), graph.parameter(layer + ".bias"));
  }

  /** A linear layer of vectors [N, in] with the weights of these names. */
  String linear(String name, String x, String weight, String bias) {
    return graph.node("Gemm", name, List.of(x, weight, bias), integer("transB", 1));
  }

  /** The activation of the residual blocks. */
  String activation(String name, String x) {
    return activation(config.block().activation(), name, x);
  }

  /** An activation, spelled as runtimes know it in order to fuse it. */
  String activation(Activation activation, String name, String x) {
    return switch (activation) {
      case SILU -> product(name, x, graph.node("Sigmoid", name + ".sigmoid", List.of(x)));
      case RELU -> graph.node("Relu", name, List.of(x));
      case MISH -> {
        String plus = graph.node("Softplus", name + ".softplus", List.of(x));
        yield product(name, x, graph.node("Tanh", name + ".tanh", List.of(plus)));
      }
      case GELU -> {
        String root = graph.number(Math.sqrt(2));
        String turned = graph.node("Div", name + ".div", List.of(x, root));
        String erf = graph.node("Erf", name + ".erf", List.of(turned));
        String above = sum(name + ".above", erf, graph.number(1));
        yield product(name, product(name + ".twice", x, above), graph.number(0.5));
      }
    };
  }

  /** x · sigmoid(x). */
  String silu(String name, String x) {
    return activation(Activation.SILU, name, x);
  }

  /**
   * Group normalization with a weight and a bias, which are applied as those of a batch
   * normalization with mean 0 and variance 1: one node in place of a product and a sum.
   */
  String groupNorm(String layer, Image x, int groups) {
    int channels = x.channels();
    return graph.node(
        "BatchNormalization",
        layer,
        List.of(
            normalized(layer, x, groups),
            graph.parameter(layer + ".weight"),
            graph.parameter(layer + ".bias"),
            full(0, channels),
            full(1, channels)),
        real("epsilon", 0));
  }

  /**
   * Group normalization alone, as the normalization of groups as instances. Both shapes keep the
   * last extent and leave one to be inferred, so none has to be computed.
   */
  String normalized(String layer, Image x, int groups) {
    String split = reshape(layer + ".groups", x.name(), 0, groups, -1, 0);
    String normal =
        graph.node(
            "InstanceNormalization",
            layer + ".normal",
            List.of(split, full(1, groups), full(0, groups)),
            real("epsilon", config.stabilizer()));
    return reshape(layer + ".channels", normal, 0, x.channels(), -1, 0);
  }

  /** Another shape; 0 keeps an extent, −1 leaves one to be inferred. */
  String reshape(String name, String x, long... shape) {
    return graph.node("Reshape", name, List.of(x, graph.integers(shape)));
  }

  String transpose(String name, String x, long... order) {
    return graph.node("Transpose", name, List.of(x), integers("perm", order));
  }

  String concat(String name, int axis, List<String> parts) {
    return graph.node("Concat", name, parts, integer("axis", axis));
  }

  String sum(String name, String a, String b) {
    return graph.node("Add", name, List.of(a, b));
  }

  String product(String name, String a, String b) {
    return graph.node("Mul", name, List.of(a, b));
  }

  /** The sum of branch and shortcut, divided by {@code scale}. */
  String shortened(String name, String a, String b, double scale) {
    if (scale == 1) {
      return sum(name, a, b);
    }
    String sum = sum(name + ".sum", a, b);
    return graph.node("Div", name, List.of(sum, graph.number(scale)));
  }

  /** A convolution with a bias; {@code border} is top, left, bottom, right. */
  String convolution(
      String name, String x, String weight, String bias, int kernel, int stride, long... border) {
    return graph.node(
        "Conv",
        name,
        List.of(x, weight, bias),
        integers("kernel_shape", kernel, kernel),
        integers("strides", stride, stride),
        integers("pads", border));
  }

  private String convolution(String layer, String x, int kernel, int stride, long... border) {
    String weight = graph.parameter(layer + ".weight");
    String bias = graph.parameter(layer + ".bias");
    return convolution(layer, x, weight, bias, kernel, stride, border);
  }

  private String full(int value, int count) {
    return graph.constant(count + " times " + value, Tensor.full(value, count), count);
  }
}
