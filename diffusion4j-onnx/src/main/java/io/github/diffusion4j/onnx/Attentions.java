package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;

import io.github.diffusion4j.config.LayerConfig;
import java.util.List;
import java.util.OptionalInt;

/** Self-attention over all pixels as nodes. */
final class Attentions {
  private final Graph graph;
  private final LayerConfig config;
  private final Layers layers;

  Attentions(Graph graph, LayerConfig config, Layers layers) {
    this.graph = graph;
    this.config = config;
    this.layers = layers;
  }

  /** Attention as the levels have it. */
  Image attention(String layer, Image x) {
    return attention(layer, x, OptionalInt.of(config.groupsOf(x.channels())), 1);
  }

  /**
   * Attention added to its input.
   *
   * @param groups groups of the norm, or empty for none
   * @param scale number that the sum is divided by
   */
  Image attention(String layer, Image x, OptionalInt groups, double scale) {
    int channels = x.channels();
    int width = config.headWidth(channels);
    String normal = x.name();
    if (groups.isPresent()) {
      normal = layers.groupNorm(layer + ".group_norm", x, groups.getAsInt());
    }
    String columns = layers.reshape(layer + ".columns", normal, 0, channels, -1);
    String rows = layers.transpose(layer + ".rows", columns, 0, 2, 1);
    String mixed =
        width == channels ? oneHead(layer, rows, channels) : heads(layer, rows, channels, width);
    String result =
        layers.transpose(layer + ".result", linear(layer + ".to_out.0", mixed), 0, 2, 1);
    // Height and width were merged above; the input is the only one who knows them.
    String shape = graph.node("Shape", layer + ".shape", List.of(x.name()));
    String image = graph.node("Reshape", layer + ".image", List.of(result, shape));
    return new Image(layers.shortened(layer, x.name(), image, scale), channels);
  }

  private String oneHead(String layer, String rows, int channels) {
    String query = linear(layer + ".to_q", rows);
    String key = layers.transpose(layer + ".key", linear(layer + ".to_k", rows), 0, 2, 1);
    String value = linear(layer + ".to_v", rows);
    return mixed(layer, query, key, value, channels);
  }

  private String heads(String layer, String rows, int channels, int width) {
    int count = channels / width;
    String query = split(layer + ".queries", linear(layer + ".to_q", rows), count, width);
    String key = split(layer + ".keys", linear(layer + ".to_k", rows), count, width);
    String value = split(layer + ".values", linear(layer + ".to_v", rows), count, width);
    query = layers.transpose(layer + ".query", query, 0, 2, 1, 3);
    key = layers.transpose(layer + ".key", key, 0, 2, 3, 1);
    value = layers.transpose(layer + ".value", value, 0, 2, 1, 3);
    String mixed = mixed(layer, query, key, value, width);
    String joined = layers.transpose(layer + ".joined", mixed, 0, 2, 1, 3);
    return layers.reshape(layer + ".mixed", joined, 0, 0, (long) count * width);
  }

  private String split(String name, String rows, int count, int width) {
    return layers.reshape(name, rows, 0, 0, count, width);
  }

  /** softmax(query · key / √width) · value. */
  private String mixed(String layer, String query, String key, String value, long width) {
    String root = graph.number(1 / Math.sqrt((double) width));
    String scaled = layers.product(layer + ".scaled", query, root);
    String scores = graph.node("MatMul", layer + ".scores", List.of(scaled, key));
    String weights =
        graph.node("Softmax", layer + ".weights", List.of(scores), integer("axis", -1));
    return graph.node("MatMul", layer + ".mix", List.of(weights, value));
  }

  /** A linear layer along the last axis. */
  private String linear(String layer, String rows) {
    var turned = graph.taken(layer + ".weight").permute(1, 0).contiguous();
    String weight = graph.constant(layer + ".transposed", turned, turned.shape());
    String product = graph.node("MatMul", layer + ".product", List.of(rows, weight));
    return layers.sum(layer, product, graph.parameter(layer + ".bias"));
  }
}
