package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference values of all metrics; PROVENANCE.md beside them says how they were made. */
record GoldenMetrics(Map<String, Tensor> tensors, JsonNode numbers) {
  static GoldenMetrics read() throws IOException, URISyntaxException {
    return new GoldenMetrics(
        Safetensors.read(file("metrics.safetensors")),
        JsonMapper.shared().readTree(file("metrics.json")));
  }

  Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  Features features(String name) {
    return Features.of(tensor(name));
  }

  JsonNode numbers(String... path) {
    JsonNode node = numbers;
    for (String name : path) {
      node = Objects.requireNonNull(node.get(name), name);
    }
    return node;
  }

  double number(String... path) {
    return numbers(path).doubleValue();
  }

  /** The rows of an I64 tensor. */
  List<int[]> indices(String name) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < tensor(name).size(0); i++) {
      rows.add(Arrays.stream(tensor(name).select(0, i).toLongs()).mapToInt(n -> (int) n).toArray());
    }
    return rows;
  }

  /** 1e-8 of the expected number, or of 1 where that is smaller. */
  static Offset<Double> close(double expected) {
    return Offset.offset(1e-8 * Math.max(1, Math.abs(expected)));
  }

  private static Path file(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(GoldenMetrics.class.getResource("/golden/metrics/" + name)).toURI());
  }
}
