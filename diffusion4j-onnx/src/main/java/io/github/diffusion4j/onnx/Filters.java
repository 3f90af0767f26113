package io.github.diffusion4j.onnx;

import static io.github.diffusion4j.onnx.Attributes.integer;
import static io.github.diffusion4j.onnx.Attributes.integers;
import static io.github.diffusion4j.onnx.Attributes.word;

import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * The filter (1, 3, 3, 1) / 8 along rows and columns, which smooths where the resolution changes.
 */
final class Filters {
  private static final float[] TAPS = {1, 3, 3, 1};
  private static final float SUM = 8;

  private final Graph graph;

  Filters(Graph graph) {
    this.graph = graph;
  }

  /** Half of the rows and columns, zeros being around the image. */
  Image halve(String name, Image x) {
    return halve(name, x, 1);
  }

  /** Twice the rows and columns, zeros being around the image. */
  Image twice(String name, Image x) {
    return twice(name, x, 1);
  }

  /** Half of the rows and columns, the image being mirrored at its borders. */
  Image halveMirrored(String name, Image x) {
    return halve(name, mirrored(name, x), 0);
  }

  /** Twice the rows and columns, the image being mirrored at its borders. */
  Image twiceMirrored(String name, Image x) {
    return twice(name, mirrored(name, x), 3);
  }

  private Image mirrored(String name, Image x) {
    List<String> inputs = List.of(x.name(), graph.integers(0, 0, 1, 1, 0, 0, 1, 1));
    return new Image(
        graph.node("Pad", name + ".mirrored", inputs, word("mode", "reflect")), x.channels());
  }

  private Image halve(String name, Image x, int padding) {
    return filtered("Conv", name, x, 1, padding);
  }

  private Image twice(String name, Image x, int cut) {
    return filtered("ConvTranspose", name, x, 4, cut);
  }

  private Image filtered(String operator, String name, Image x, int gain, int border) {
    String result =
        graph.node(
            operator,
            name,
            List.of(x.name(), kernels(x.channels(), gain)),
            integers("kernel_shape", TAPS.length, TAPS.length),
            integers("strides", 2, 2),
            integers("pads", border, border, border, border),
            integer("group", x.channels()));
    return new Image(result, x.channels());
  }

  /** The same weights for each channel, which sum to {@code gain}. */
  private String kernels(int channels, int gain) {
    int taps = TAPS.length;
    float[] weights = new float[channels * taps * taps];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = gain * TAPS[i / taps % taps] * TAPS[i % taps] / (SUM * SUM);
    }
    return graph.constant(
        String.format(Locale.ROOT, "filter of %d for %d", gain, channels),
        Tensor.of(weights, channels, 1, taps, taps),
        channels,
        1,
        taps,
        taps);
  }
}
