package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.word;

import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Each pixel doubled in both directions, then a 3x3 convolution. Of the nine pixels under the
 * kernel only four differ, so each of the four pixels that come of one is a 2x2 convolution of the
 * small image with sums of the weights: 16 products in place of 36.
 */
final class Doubling {
  private final Graph graph;
  private final Layers layers;

  Doubling(Graph graph, Layers layers) {
    this.graph = graph;
    this.layers = layers;
  }

  /** Returns [N, out, 2 · H, 2 · W] for [N, in, H, W], {@code layer} being the convolution. */
  String convolution(String layer, String x) {
    Tensor weight = graph.taken(layer + ".weight");
    String bias = graph.parameter(layer + ".bias");
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      List<String> pixels = new ArrayList<>();
      for (int column = 0; column < 2; column++) {
        String name = String.format(Locale.ROOT, "%s.%d%d", layer, row, column);
        Tensor sums = sums(sums(weight, 2, row), 3, column);
        String kernel = graph.constant(name + ".weight", sums, sums.shape());
        pixels.add(
            layers.convolution(name, x, kernel, bias, 2, 1, 1 - row, 1 - column, row, column));
      }
      rows.add(interleavedColumns(String.format(Locale.ROOT, "%s.row%d", layer, row), pixels));
    }
    String both = layers.concat(layer + ".rows", 2, rows);
    return layers.reshape(layer, both, 0, weight.size(0), -1, 0);
  }

  /** Returns [N, C, 2 · H, 2 · W] for [N, C, H, W], with no convolution. */
  String pixels(String name, String x) {
    String scales = graph.constant("twice", Tensor.of(new float[] {1, 1, 2, 2}, 4), 4);
    return graph.node(
        "Resize",
        name,
        List.of(x, "", scales),
        word("mode", "nearest"),
        word("coordinate_transformation_mode", "asymmetric"),
        word("nearest_mode", "floor"));
  }

  /** Adds those two of three weights along {@code dim} that meet the same pixel. */
  private static Tensor sums(Tensor weight, int dim, int phase) {
    Tensor first = weight.narrow(dim, 0, 1 + phase).sum(dim);
    Tensor last = weight.narrow(dim, 1 + phase, 2 - phase).sum(dim);
    return Tensor.stack(List.of(first, last), dim);
  }

  /**
   * Returns [N, C · H, 1, 2 · W] for two images [N, C, H, W]. The runtime moves one axis inwards
   * twice as fast as it carries out DepthToSpace.
   */
  private String interleavedColumns(String name, List<String> pixels) {
    String both = layers.concat(name + ".pixels", 1, pixels);
    String beside = layers.reshape(name + ".columns", both, 0, 2, -1, 0);
    String inside = layers.transpose(name + ".inside", beside, 0, 2, 3, 1);
    return layers.reshape(name, inside, 0, 0, 1, -1);
  }
}
