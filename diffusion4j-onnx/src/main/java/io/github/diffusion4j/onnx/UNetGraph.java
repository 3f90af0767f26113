package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.InputRange;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.Residuals.Resolution;
import java.util.ArrayDeque;
import java.util.Deque;
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
  private final Layers layers;
  private final Doubling doubling;
  private final Residuals residuals;
  private final Attentions attentions;
  private final Attentions ascending;
  private final Deque<Image> skips = new ArrayDeque<>();

  private UNetGraph(UNet network) {
    config = network.config();
    graph = new Graph("UNet", network.parameters());
    layers = new Layers(graph, config.layers());
    doubling = new Doubling(graph, layers);
    residuals = new Residuals(graph, config.layers(), layers, doubling);
    attentions = new Attentions(graph, config.layers(), layers);
    ascending = new Attentions(graph, config.layers().ascending(), layers);
  }

  /**
   * Returns the graph of a network, whose tensors belong to the caller's scope.
   *
   * @throws io.github.diffusion4j.config.UserException if it has an option that graphs do not have
   */
  static Graph of(UNet network) {
    KnownOptions.require(network.config());
    UNetGraph graph = new UNetGraph(network);
    graph.build();
    return graph.graph;
  }

  private void build() {
    String x = graph.input(SAMPLE, DataType.FLOAT, "batch", config.channels(), "height", "width");
    String time = graph.input(TIMESTEP, DataType.FLOAT, "batch");
    new Conditioning(graph, config, layers).tell(time);
    Image h = new Image(layers.convolution("conv_in", centered(x)), config.widths().get(0));
    skips.push(h);
    for (int level = 0; level < config.levels(); level++) {
      h = down(level, h);
    }
    h = middle(h);
    for (int level = config.levels() - 1; level >= 0; level--) {
      h = up(level, h);
    }
    String normal = layers.groupNorm("conv_norm_out", h.name(), h.channels());
    String last = layers.convolution("conv_out", layers.silu("conv_act", normal));
    answer(last, time);
    graph.output(OUTPUT, DataType.FLOAT, "batch", config.outputs(), "height", "width");
  }

  private String centered(String x) {
    if (!config.inputRange().equals(Optional.of(InputRange.ZERO_TO_ONE))) {
      return x;
    }
    String twice = layers.product("sample.twice", x, graph.number(2));
    return layers.sum("sample.centered", twice, graph.number(-1));
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

  private Image down(int level, Image x) {
    String name = "down_blocks." + level;
    BlockKind kind = config.blocks().get(level);
    Image h = x;
    for (int block = 0; block < config.blocksPerLevel(); block++) {
      h = block(name, block, level, h);
      if (kind == BlockKind.ATTENTION) {
        h = attentions.attention(name + ".attentions." + block, h);
      }
      skips.push(h);
    }
    if (level == config.levels() - 1) {
      return h;
    }
    String exit = name + ".downsamplers.0";
    h =
        isResidual(kind, config.layers().block().downsampler())
            ? residuals.resample(exit, h, Resolution.HALVE)
            : new Image(layers.downsample(exit + ".conv", h.name()), h.channels());
    skips.push(h);
    return h;
  }

  private Image middle(Image x) {
    if (config.middle() == MiddleKind.NONE) {
      return x;
    }
    BlockConfig block = config.layers().block();
    double scale = block.middleScale();
    String name = "mid_block";
    Image h = residuals.keep(name + ".resnets.0", x, x.channels(), scale);
    if (config.middle() == MiddleKind.ATTENTION) {
      h = attentions.attention(name + ".attentions.0", h, middleGroups(block, x.channels()), scale);
    }
    return residuals.keep(name + ".resnets.1", h, x.channels(), scale);
  }

  private OptionalInt middleGroups(BlockConfig block, int channels) {
    if (block.middleGroups().isPresent()) {
      return OptionalInt.of(block.middleGroups().get());
    }
    return block.timeConditioning() == TimeConditioning.SHIFT
        ? OptionalInt.of(config.layers().groupsOf(channels))
        : OptionalInt.empty();
  }

  private Image up(int level, Image x) {
    String name = "up_blocks." + (config.levels() - 1 - level);
    BlockKind kind = config.ascent().get(level);
    Image h = x;
    for (int block = 0; block <= config.blocksPerLevel(); block++) {
      Image skip = skips.pop();
      String both = layers.concat(name + ".both." + block, 1, List.of(h.name(), skip.name()));
      h = block(name, block, level, new Image(both, h.channels() + skip.channels()));
      if (kind == BlockKind.ATTENTION) {
        h = ascending.attention(name + ".attentions." + block, h);
      }
    }
    if (level == 0) {
      return h;
    }
    String exit = name + ".upsamplers.0";
    return isResidual(kind, config.layers().block().upsampler())
        ? residuals.resample(exit, h, Resolution.DOUBLE)
        : new Image(doubling.convolution(exit + ".conv", h.name()), h.channels());
  }

  private Image block(String name, int block, int level, Image x) {
    return residuals.keep(name + ".resnets." + block, x, config.widths().get(level), 1);
  }

  private static boolean isResidual(BlockKind kind, Resampling behindAttention) {
    return kind == BlockKind.RESAMPLING_RESIDUAL
        || kind == BlockKind.ATTENTION && behindAttention == Resampling.RESIDUAL;
  }
}
