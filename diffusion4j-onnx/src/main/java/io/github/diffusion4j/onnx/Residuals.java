package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integers;

import io.github.diffusion4j.config.LayerConfig;
import java.util.List;

/** Residual blocks as nodes: two convolutions beside a shortcut, told the time between them. */
final class Residuals {
  /** What a block does to height and width. */
  enum Resolution {
    KEEP,
    HALVE,
    DOUBLE
  }

  private final Graph graph;
  private final LayerConfig config;
  private final Layers layers;
  private final Doubling doubling;

  Residuals(Graph graph, LayerConfig config, Layers layers, Doubling doubling) {
    this.graph = graph;
    this.config = config;
    this.layers = layers;
    this.doubling = doubling;
  }

  /** A block that keeps height and width; its sum is divided by {@code scale}. */
  Image keep(String layer, Image x, int out, double scale) {
    return block(layer, x, out, Resolution.KEEP, scale);
  }

  /** A block that keeps the channels and changes height and width. */
  Image resample(String layer, Image x, Resolution resolution) {
    return block(layer, x, x.channels(), resolution, 1);
  }

  private Image block(String layer, Image x, int out, Resolution resolution, double scale) {
    String normal = layers.groupNorm(layer + ".norm1", x.name(), x.channels());
    String h = layers.activation(layer + ".act1", normal);
    h = first(layer + ".conv1", h, resolution);
    h = layers.activation(layer + ".act2", told(layer, h, out));
    h = layers.convolution(layer + ".conv2", h);
    String carried = carried(layer, x.name(), resolution);
    String shortcut = layer + ".conv_shortcut";
    if (graph.hasParameter(shortcut + ".weight")) {
      carried = layers.pointwise(shortcut, carried);
    }
    return new Image(layers.shortened(layer, h, carried, scale), out);
  }

  private String first(String layer, String x, Resolution resolution) {
    return switch (resolution) {
      case KEEP -> layers.convolution(layer, x);
      case HALVE -> layers.convolution(layer, averaged(layer + ".halved", x));
      case DOUBLE -> doubling.convolution(layer, x);
    };
  }

  private String carried(String layer, String x, Resolution resolution) {
    return switch (resolution) {
      case KEEP -> x;
      case HALVE -> averaged(layer + ".carried", x);
      case DOUBLE -> doubling.pixels(layer + ".carried", x);
    };
  }

  private String averaged(String name, String x) {
    return graph.node(
        "AveragePool", name, List.of(x), integers("kernel_shape", 2, 2), integers("strides", 2, 2));
  }

  /** The second norm; the time shifts what enters it, or scales and shifts what leaves it. */
  private String told(String layer, String h, int channels) {
    return switch (config.block().timeConditioning()) {
      case SHIFT -> {
        String shifted = layers.sum(layer + ".told", h, Conditioning.shift(layer));
        yield layers.groupNorm(layer + ".norm2", shifted, channels);
      }
      case SCALE_SHIFT -> {
        String normal = layers.groupNorm(layer + ".norm2", h, channels);
        String scaled = layers.product(layer + ".scaled", normal, Conditioning.factor(layer));
        yield layers.sum(layer + ".told", scaled, Conditioning.shift(layer));
      }
    };
  }
}
