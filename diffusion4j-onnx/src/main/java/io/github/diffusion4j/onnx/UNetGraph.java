package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.InputRange;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.Plan;
import io.github.diffusion4j.nn.Plan.Channels;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.Residuals.Resolution;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The forward pass of {@link UNet} as a graph. */
final class UNetGraph {
  static final String SAMPLE = "sample";
  static final String TIMESTEP = "timestep";
  static final String LABELS = "class_labels";
  static final String OUTPUT = "out_sample";

  private final UNetConfig config;
  private final Graph graph;
  private final Parts parts;
  private final Layers layers;

  private UNetGraph(UNet network) {
    config = network.config();
    graph = new Graph("UNet", network.parameters());
    parts = Parts.of(graph, config.layers());
    layers = parts.layers();
  }

  /** Returns the graph of a network, whose tensors belong to the caller's scope. */
  static Graph of(UNet network) {
    UNetGraph graph = new UNetGraph(network);
    graph.build();
    return graph.graph;
  }

  private void build() {
    String x = graph.input(SAMPLE, DataType.FLOAT, "batch", config.channels(), "height", "width");
    String time = graph.input(TIMESTEP, DataType.FLOAT, "batch");
    new Conditioning(graph, config, layers).tell(time);
    Flow flow = new Flow(new Image(centered(x), config.channels()));
    Plan plan = Plan.of(config);
    Image h = new Image(layers.convolution("conv_in", flow.input().name()), config.widths().get(0));
    flow.leave(h);
    for (int i = 0; i < config.levels(); i++) {
      Plan.Level level = plan.down().get(i);
      h = levels(level.kind(), parts, config.layers()).down("down_blocks." + i, level, h, flow);
    }
    h = middle(h);
    LayerConfig ascending = config.layers().ascending();
    Parts ascent = Parts.of(graph, ascending);
    for (int i = 0; i < config.levels(); i++) {
      Plan.Level level = plan.up().get(i);
      h = levels(level.kind(), ascent, ascending).up("up_blocks." + i, level, h, flow);
    }
    answer(last(h, flow), time);
    graph.output(OUTPUT, DataType.FLOAT, "batch", config.outputs(), "height", "width");
  }

  private static Levels levels(BlockKind kind, Parts parts, LayerConfig config) {
    return switch (kind) {
      case RESIDUAL, ATTENTION, RESAMPLING_RESIDUAL -> new OrdinaryLevels(parts, config);
      case SKIP, ATTENTION_SKIP -> new SkipLevels(parts);
      case K -> new FilteredLevels(parts);
    };
  }

  private String centered(String x) {
    if (!config.inputRange().equals(Optional.of(InputRange.ZERO_TO_ONE))) {
      return x;
    }
    String twice = layers.product("sample.twice", x, graph.number(2));
    return layers.sum("sample.centered", twice, graph.number(-1));
  }

  private Image middle(Image x) {
    if (config.middle() == MiddleKind.NONE) {
      return x;
    }
    BlockConfig block = config.layers().block();
    Channels same = Channels.through(x.channels(), config.layers());
    double scale = block.middleScale();
    String name = "mid_block";
    Image h = parts.residuals().block(name + ".resnets.0", x, same, Resolution.KEEP, scale);
    if (config.middle() == MiddleKind.ATTENTION) {
      OptionalInt groups = middleGroups(block, x.channels());
      h = parts.attentions().attention(name + ".attentions.0", h, groups, scale);
    }
    return parts.residuals().block(name + ".resnets.1", h, same, Resolution.KEEP, scale);
  }

  private OptionalInt middleGroups(BlockConfig block, int channels) {
    if (block.middleGroups().isPresent()) {
      return OptionalInt.of(block.middleGroups().get());
    }
    return block.timeConditioning() == TimeConditioning.SHIFT
        ? OptionalInt.of(config.layers().groupsOf(channels))
        : OptionalInt.empty();
  }

  private String last(Image h, Flow flow) {
    int groups = config.layers().groupsOf(h.channels());
    String active = layers.silu("conv_act", layers.groupNorm("conv_norm_out", h, groups));
    String own = layers.convolution("conv_out", active);
    return flow.answer().map(grown -> layers.sum("conv_sum", own, grown.name())).orElse(own);
  }

  /** A network that sees the noise level by Fourier features answers in units of it. */
  private void answer(String last, String time) {
    if (config.layers().timeEmbedding().kind() instanceof TimeFeatures.Fourier) {
      List<String> inputs = List.of(time, graph.integers(1, 2, 3));
      String level = graph.node("Unsqueeze", "noise_level", inputs);
      graph.node("Div", OUTPUT, List.of(last, level));
    } else {
      graph.node("Identity", OUTPUT, List.of(last));
    }
  }
}
