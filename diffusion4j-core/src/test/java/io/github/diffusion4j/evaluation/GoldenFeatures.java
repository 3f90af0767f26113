package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Weights and pictures by formula, as make.py beside the reference values has them. */
final class GoldenFeatures {
  private GoldenFeatures() {}

  static JsonNode read(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            GoldenFeatures.class.getResourceAsStream("/golden/features/" + name), name)) {
      return JsonMapper.shared().readTree(file);
    }
  }

  /** Gives every parameter its value. */
  static <L extends Layer> L filled(L network) {
    try (Scope scope = Scope.open()) {
      network.load(weights(network));
    }
    return network;
  }

  static Map<String, Tensor> weights(Layer network) {
    Map<String, Tensor> weights = new HashMap<>();
    int number = 0;
    for (Map.Entry<String, Tensor> named : new TreeMap<>(network.parameters()).entrySet()) {
      weights.put(named.getKey(), weight(named.getKey(), number++, named.getValue().shape()));
    }
    return weights;
  }

  private static Tensor weight(String name, int number, long[] shape) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    boolean isScale =
        name.endsWith("running_var") || (shape.length == 1 && name.endsWith("weight"));
    double fanIn = count / (double) shape[0];
    double bound = Math.sqrt(6 / fanIn);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double u = noise(number, i);
      double value = isScale ? u + 0.5 : shape.length == 1 ? (u - 0.5) * 0.5 : (2 * u - 1) * bound;
      values[i] = (float) value;
    }
    return Tensor.of(values, shape);
  }

  private static double noise(int number, long index) {
    long h = index * 0x9E3779B97F4A7C15L + (number + 1) * 0xBF58476D1CE4E5B9L;
    h ^= h >>> 30;
    h *= 0xBF58476D1CE4E5B9L;
    h ^= h >>> 27;
    h *= 0x94D049BB133111EBL;
    h ^= h >>> 31;
    return (h >>> 40) / (double) (1 << 24);
  }

  /** Pictures with edges and slopes, in whole gray levels. */
  static Tensor pictures(int count, int channels, int height, int width) {
    float[] levels = new float[count * channels * height * width];
    int i = 0;
    for (int n = 0; n < count; n++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            levels[i++] = (x * x * (c + 1) + 3 * y * y + 5 * x * y + 17 * n) % 256;
          }
        }
      }
    }
    return Tensor.of(levels, count, channels, height, width);
  }

  /** Compares rows with their sums, mean squares and some of their numbers, to 1e-4 relative. */
  static void assertRows(Tensor rows, JsonNode expected) {
    assertThat(rows.size(0)).isEqualTo(expected.size());
    for (int n = 0; n < expected.size(); n++) {
      JsonNode row = expected.get(n);
      double[] values = rows.select(0, n).toDoubles();
      double square = row.get("square").doubleValue();
      double scale = Math.sqrt(square);
      assertThat(Arrays.stream(values).map(v -> v * v).average().orElseThrow())
          .isCloseTo(square, within(1e-4 * square));
      assertThat(Arrays.stream(values).sum() / values.length)
          .isCloseTo(row.get("sum").doubleValue() / values.length, within(1e-4 * scale));
      int step = row.get("step").intValue();
      for (int i = 0; i < row.get("values").size(); i++) {
        assertThat(values[i * step])
            .as("row %d, number %d", n, i * step)
            .isCloseTo(row.get("values").get(i).doubleValue(), within(1e-4 * scale));
      }
    }
  }
}
