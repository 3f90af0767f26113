package io.github.diffusion4j.onnx;

import io.github.diffusion4j.config.LayerConfig;
import java.util.List;

/** What levels are built of. */
record Parts(
    Graph graph,
    Layers layers,
    Doubling doubling,
    Filters filters,
    Residuals residuals,
    Attentions attentions) {

  static Parts of(Graph graph, LayerConfig config) {
    Layers layers = new Layers(graph, config);
    Doubling doubling = new Doubling(graph, layers);
    Filters filters = new Filters(graph);
    return new Parts(
        graph,
        layers,
        doubling,
        filters,
        new Residuals(graph, config, layers, doubling, filters),
        new Attentions(graph, config, layers));
  }

  /** An image and one that was left on the way down, as one. */
  Image joined(String name, Image h, Image skip) {
    String both = layers.concat(name, 1, List.of(h.name(), skip.name()));
    return new Image(both, h.channels() + skip.channels());
  }
}
