package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.nn.TimeEmbedding;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The forward pass of {@link UNet} as a graph. */
final class UNetGraph {
  static final String SAMPLE = "sample";
  static final String TIMESTEP = "timestep";
  static final String LABELS = "class_labels";
  static final String OUTPUT = "out_sample";

  /** An image inside the network: the name of the result that holds it, and its channels. */
  private record Image(String name, int channels) {}

  private final UNetConfig config;
  private final Graph graph;
  private final Layers layers;
  private final Deque<Image> skips = new ArrayDeque<>();

  private UNetGraph(UNet network) {
    config = network.config();
    graph = new Graph("UNet", network.parameters());
    layers = new Layers(graph, config.layers());
  }

  /** Returns the graph of a network, if it has no option that graphs do not have. */
  static GraphProto of(UNet network) {
    requireKnown(network.config());
    try (Scope scope = Scope.open()) {
      return new UNetGraph(network).build();
    }
  }

  private static void requireKnown(UNetConfig config) {
    LayerConfig layers = config.layers();
    refuse(layers.blocks().isPresent(), "model.layers.blocks");
    refuse(layers.heads().isPresent(), "model.layers.heads");
    refuse(layers.timeEmbedding().features().isPresent(), "model.layers.timeEmbedding.features");
    refuse(config.classEmbedding().isPresent(), "model.classEmbedding");
    refuse(config.inputRange().isPresent(), "model.inputRange");
    Stream.concat(config.blocks().stream(), config.ascent().stream())
        .forEach(kind -> refuse(!isKnown(kind), Word.of(kind) + " blocks"));
  }

  private static boolean isKnown(BlockKind kind) {
    return switch (kind) {
      case RESIDUAL, ATTENTION -> true;
      case RESAMPLING_RESIDUAL, SKIP, ATTENTION_SKIP, K -> false;
    };
  }

  private static void refuse(boolean has, String option) {
    if (has) {
      throw new UserException(
          "the network has %s, which the export to ONNX does not support".formatted(option));
    }
  }

  private GraphProto build() {
    String x = graph.input(SAMPLE, DataType.FLOAT, "batch", config.channels(), "height", "width");
    String time = layers.silu("embedding", embedding());
    Image h = new Image(layers.convolution("conv_in", x), config.widths().get(0));
    skips.push(h);
    for (int level = 0; level < config.levels(); level++) {
      h = down(level, h, time);
    }
    h = middle(h, time);
    for (int level = config.levels() - 1; level >= 0; level--) {
      h = up(level, h, time);
    }
    String normal = layers.groupNorm("conv_norm_out", h.name(), h.channels());
    String last = layers.convolution("conv_out", layers.silu("conv_act", normal));
    graph.node("Identity", OUTPUT, List.of(last));
    graph.output(OUTPUT, DataType.FLOAT, "batch", config.outputs(), "height", "width");
    return graph.build();
  }

  /** What is known of time and class, [N, width]. */
  private String embedding() {
    String time = graph.input(TIMESTEP, DataType.FLOAT, "batch");
    String hidden = layers.linear("time_embedding.linear_1", sinusoids(time));
    hidden = layers.silu("time_embedding.act", hidden);
    String sum = layers.linear("time_embedding.linear_2", hidden);
    if (config.classes().isPresent()) {
      String labels = graph.input(LABELS, DataType.INT64, "batch");
      String table = graph.parameter("class_embedding.weight");
      String vector = graph.node("Gather", "class_embedding", List.of(table, labels));
      sum = graph.node("Add", "time_and_class", List.of(sum, vector));
    }
    return sum;
  }

  private String sinusoids(String time) {
    TimeEmbeddingConfig embedding = config.layers().timeEmbedding();
    int count = config.widths().get(0) / 2;
    Tensor frequencies = TimeEmbedding.frequencies(count, embedding.frequencyShift());
    String column = graph.node("Unsqueeze", "time", List.of(time, graph.integers(1)));
    String angles =
        graph.node(
            "Mul", "angles", List.of(column, graph.constant("frequencies", frequencies, 1, count)));
    String sines = graph.node("Sin", "sines", List.of(angles));
    String cosines = graph.node("Cos", "cosines", List.of(angles));
    List<String> parts = new ArrayList<>();
    switch (embedding.order()) {
      case SIN_COS -> parts.addAll(List.of(sines, cosines));
      case COS_SIN -> parts.addAll(List.of(cosines, sines));
    }
    String both = graph.node("Concat", "sinusoids", parts, integer("axis", 1));
    return config.widths().get(0) % 2 == 0
        ? both
        : graph.node("Pad", "time_proj", List.of(both, graph.integers(0, 0, 0, 1)));
  }

  private Image down(int level, Image x, String time) {
    String name = "down_blocks." + level;
    Image h = x;
    for (int block = 0; block < config.blocksPerLevel(); block++) {
      h = block(name, block, level, config.blocks(), h, time);
      skips.push(h);
    }
    if (level < config.levels() - 1) {
      h = new Image(layers.downsample(name + ".downsamplers.0.conv", h.name()), h.channels());
      skips.push(h);
    }
    return h;
  }

  private Image middle(Image x, String time) {
    if (config.middle() == MiddleKind.NONE) {
      return x;
    }
    int channels = x.channels();
    String name = "mid_block";
    String h = layers.residual(name + ".resnets.0", x.name(), time, channels, channels);
    if (config.middle() == MiddleKind.ATTENTION) {
      h = layers.attention(name + ".attentions.0", h, channels);
    }
    return new Image(layers.residual(name + ".resnets.1", h, time, channels, channels), channels);
  }

  private Image up(int level, Image x, String time) {
    String name = "up_blocks." + (config.levels() - 1 - level);
    Image h = x;
    for (int block = 0; block <= config.blocksPerLevel(); block++) {
      Image skip = skips.pop();
      String both =
          graph.node(
              "Concat",
              name + ".both." + block,
              List.of(h.name(), skip.name()),
              integer("axis", 1));
      Image input = new Image(both, h.channels() + skip.channels());
      h = block(name, block, level, config.ascent(), input, time);
    }
    return level > 0
        ? new Image(layers.upsample(name + ".upsamplers.0.conv", h.name()), h.channels())
        : h;
  }

  private Image block(
      String name, int block, int level, List<BlockKind> kinds, Image x, String time) {
    int out = config.widths().get(level);
    String layer = name + ".resnets." + block;
    String h = layers.residual(layer, x.name(), time, x.channels(), out);
    if (kinds.get(level) == BlockKind.ATTENTION) {
      h = layers.attention(name + ".attentions." + block, h, out);
    }
    return new Image(h, out);
  }
}
