package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integers;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.nn.Plan.Channels;
import java.util.List;

/** Residual blocks as nodes: two convolutions beside a shortcut, told the time between them. */
final class Residuals {
  /** What a block does to height and width. */
  enum Resolution {
    KEEP,
    HALVE,
    DOUBLE,
    FILTER_AND_HALVE,
    DOUBLE_AND_FILTER
  }

  private final Graph graph;
  private final LayerConfig config;
  private final Layers layers;
  private final Doubling doubling;
  private final Filters filters;

  Residuals(Graph graph, LayerConfig config, Layers layers, Doubling doubling, Filters filters) {
    this.graph = graph;
    this.config = config;
    this.layers = layers;
    this.doubling = doubling;
    this.filters = filters;
  }

  /**
   * A block.
   *
   * @param scale number that the sum of branch and shortcut is divided by
   */
  Image block(String layer, Image x, Channels channels, Resolution resolution, double scale) {
    String normal = layers.groupNorm(layer + ".norm1", x, channels.groupsIn());
    String h = layers.activation(layer + ".act1", normal);
    h = first(layer + ".conv1", new Image(h, x.channels()), resolution);
    h = told(layer, new Image(h, channels.out()), channels.groupsOut());
    h = layers.convolution(layer + ".conv2", layers.activation(layer + ".act2", h));
    String carried = carried(layer + ".carried", x, resolution).name();
    String shortcut = layer + ".conv_shortcut";
    if (graph.hasParameter(shortcut + ".weight")) {
      carried = layers.pointwise(shortcut, carried);
    }
    return new Image(layers.shortened(layer, h, carried, scale), channels.out());
  }

  /** A block whose norms are scaled and shifted by the time. */
  Image adaptive(String layer, Image x, Channels channels) {
    String h = adapted(layer + ".norm1", x, channels.groupsIn());
    h = layers.convolution(layer + ".conv1", layers.activation(layer + ".act1", h));
    h = adapted(layer + ".norm2", new Image(h, channels.out()), channels.groupsOut());
    h = layers.convolution(layer + ".conv2", layers.activation(layer + ".act2", h));
    String shortcut = layer + ".conv_shortcut";
    String carried =
        graph.hasParameter(shortcut + ".weight") ? layers.projection(shortcut, x.name()) : x.name();
    return new Image(layers.sum(layer, h, carried), channels.out());
  }

  private String first(String layer, Image x, Resolution resolution) {
    return resolution == Resolution.DOUBLE
        ? doubling.convolution(layer, x.name())
        : layers.convolution(layer, carried(layer + ".resized", x, resolution).name());
  }

  private Image carried(String name, Image x, Resolution resolution) {
    return switch (resolution) {
      case KEEP -> x;
      case HALVE -> new Image(averaged(name, x.name()), x.channels());
      case DOUBLE -> new Image(doubling.pixels(name, x.name()), x.channels());
      case FILTER_AND_HALVE -> filters.halve(name, x);
      case DOUBLE_AND_FILTER -> filters.twice(name, x);
    };
  }

  private String averaged(String name, String x) {
    return graph.node(
        "AveragePool", name, List.of(x), integers("kernel_shape", 2, 2), integers("strides", 2, 2));
  }

  /** The second norm; the time shifts what enters it, or scales and shifts what leaves it. */
  private String told(String layer, Image h, int groups) {
    return switch (config.block().timeConditioning()) {
      case SHIFT -> {
        String shifted = layers.sum(layer + ".told", h.name(), Conditioning.shift(layer));
        yield layers.groupNorm(layer + ".norm2", new Image(shifted, h.channels()), groups);
      }
      case SCALE_SHIFT -> moved(layer, layers.groupNorm(layer + ".norm2", h, groups));
    };
  }

  private String adapted(String layer, Image x, int groups) {
    return moved(layer, layers.normalized(layer, x, groups));
  }

  private String moved(String layer, String x) {
    String scaled = layers.product(layer + ".scaled", x, Conditioning.factor(layer));
    return layers.sum(layer + ".told", scaled, Conditioning.shift(layer));
  }
}
