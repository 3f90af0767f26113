package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Renders the JSON header of a safetensors file. */
final class SafetensorsHeader {
  /** The format's own limit, in bytes; also keeps a hostile file from filling the heap. */
  static final long LARGEST_HEADER = 100_000_000;

  /** The name in a header that is not that of a tensor. */
  static final String METADATA = "__metadata__";

  private static final int ALIGNMENT = 8;

  /** The order in which the reference implementation lays out types, widest first. */
  private static final List<DType> TYPE_ORDER =
      List.of(
          DType.I64,
          DType.F64,
          DType.F32,
          DType.I32,
          DType.BF16,
          DType.F16,
          DType.I16,
          DType.I8,
          DType.U8,
          DType.BOOL);

  private static final JsonMapper JSON = new JsonMapper();

  private SafetensorsHeader() {}

  /** Returns the tensors in the order in which they are written. */
  static List<Map.Entry<String, Tensor>> order(Map<String, Tensor> tensors) {
    Comparator<Map.Entry<String, Tensor>> byType =
        Comparator.comparingInt(named -> TYPE_ORDER.indexOf(named.getValue().type()));
    return tensors.entrySet().stream()
        .sorted(byType.thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }

  /** Returns the header for tensors that are written in the given order, padded with spaces. */
  static byte[] render(List<Map.Entry<String, Tensor>> order, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.forEach(node::put);
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> named : order) {
      if (named.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("a tensor cannot have the reserved name " + METADATA);
      }
      Tensor tensor = named.getValue();
      long end = begin + tensor.numel() * tensor.type().bytes();
      ObjectNode node = root.putObject(named.getKey()).put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(tensor.shape()).forEach(shape::add);
      node.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] json = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }
}
