package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.TimeEmbedding;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/** The features of time as nodes. */
final class TimeNodes {
  private static final String WEIGHT = "time_proj.weight";

  private final Graph graph;
  private final UNetConfig config;
  private final Layers layers;

  TimeNodes(Graph graph, UNetConfig config, Layers layers) {
    this.graph = graph;
    this.config = config;
    this.layers = layers;
  }

  /** Returns the features of {@code time} [N]; the nodes' names begin with {@code name}. */
  String features(String name, String time) {
    TimeFeatures kind = config.layers().timeEmbedding().kind();
    if (kind instanceof TimeFeatures.Fourier) {
      return fourier(name, time);
    } else if (kind instanceof TimeFeatures.Learned) {
      String whole = cast(name + ".whole", time, DataType.INT64);
      return graph.node("Gather", name + ".features", List.of(graph.parameter(WEIGHT), whole));
    }
    int width = config.widths().get(0);
    String column = column(name, time);
    if (kind instanceof TimeFeatures.Scaled scaled) {
      String multiple = layers.product(name + ".scaled", column, graph.number(scaled.factor()));
      return positional(name, multiple, scaled.count().orElse(width));
    }
    return positional(name, column, width);
  }

  private String positional(String name, String column, int features) {
    TimeEmbeddingConfig embedding = config.layers().timeEmbedding();
    int count = features / 2;
    Tensor frequencies = TimeEmbedding.frequencies(count, embedding.frequencyShift());
    String row = graph.constant("frequencies", frequencies, 1, count);
    String both = waves(name, layers.product(name + ".angles", column, row), embedding.order());
    return features % 2 == 0
        ? both
        : graph.node("Pad", name + ".features", List.of(both, graph.integers(0, 0, 0, 1)));
  }

  /**
   * The angles are large, so the logarithm is taken in F64: an error in its last place would be one
   * in the fifth place of a sine. The products are rounded in the order in which libtorch does it.
   */
  private String fourier(String name, String time) {
    String exact = cast(name + ".exact", time, DataType.DOUBLE);
    String logarithm = graph.node("Log", name + ".log", List.of(exact));
    String turns = column(name, cast(name + ".rounded", logarithm, DataType.FLOAT));
    Tensor weight = graph.taken(WEIGHT);
    String row = graph.constant(WEIGHT, weight, 1, weight.numel());
    String once = layers.product(name + ".turns", turns, row);
    String twice = layers.product(name + ".twice", once, graph.number(2));
    String angles = layers.product(name + ".angles", twice, graph.number(Math.PI));
    return waves(name, angles, TimeEmbeddingConfig.Order.SIN_COS);
  }

  private String column(String name, String time) {
    return graph.node("Unsqueeze", name + ".column", List.of(time, graph.integers(1)));
  }

  private String cast(String name, String x, DataType type) {
    return graph.node("Cast", name, List.of(x), integer("to", type.getNumber()));
  }

  private String waves(String name, String angles, TimeEmbeddingConfig.Order order) {
    String sines = graph.node("Sin", name + ".sines", List.of(angles));
    String cosines = graph.node("Cos", name + ".cosines", List.of(angles));
    return layers.concat(
        name + ".waves",
        1,
        switch (order) {
          case SIN_COS -> List.of(sines, cosines);
          case COS_SIN -> List.of(cosines, sines);
        });
  }
}
