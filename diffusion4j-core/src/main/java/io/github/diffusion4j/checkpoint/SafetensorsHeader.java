package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.checkpoint.Safetensors.Entry;
import io.github.diffusion4j.checkpoint.Safetensors.Header;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON header of a safetensors file: rendering it, and believing only a consistent one. */
final class SafetensorsHeader {
  /** The format's own limit, in bytes; also keeps a hostile file from filling the heap. */
  static final long LARGEST_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";
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

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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

  /** Returns the header that {@code json} spells, after checking it against the file's size. */
  static Header parse(Path file, byte[] json, long dataOffset, long fileSize) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(text(json));
    } catch (CharacterCodingException e) {
      throw new IOException(file + " has a header that is not valid UTF-8", e);
    } catch (JacksonException e) {
      throw new IOException(
          "%s has a header that is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    if (json[0] != '{' || !root.isObject()) {
      throw new IOException(file + " has a header that is not a JSON object");
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> named : root.properties()) {
      if (named.getKey().equals(METADATA)) {
        metadata.putAll(metadata(file, named.getValue()));
      } else {
        tensors.put(named.getKey(), entry(file, named.getKey(), named.getValue()));
      }
    }
    requireGapless(file, tensors, fileSize - dataOffset);
    return new Header(
        Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata), dataOffset);
  }

  private static String text(byte[] json) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
  }

  private static Map<String, String> metadata(Path file, JsonNode node) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> named : node.properties()) {
      if (!named.getValue().isString()) {
        throw new IOException("%s: metadata %s is not a text".formatted(file, named.getKey()));
      }
      metadata.put(named.getKey(), named.getValue().stringValue());
    }
    if (!node.isObject()) {
      throw new IOException(file + ": the metadata are not a JSON object");
    }
    return metadata;
  }

  private static Entry entry(Path file, String name, JsonNode node) throws IOException {
    if (!node.isObject() || node.size() != 3) {
      throw invalid(file, name, "is not described by dtype, shape and data_offsets");
    }
    DType type = type(file, name, node.path("dtype"));
    List<Long> shape = numbers(file, name, "shape", node.path("shape"));
    List<Long> offsets = numbers(file, name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw invalid(file, name, "has the data_offsets " + offsets + "; allowed: [begin, end]");
    }
    Entry entry = new Entry(type, shape, offsets.get(0), offsets.get(1));
    long size;
    try {
      StoredTensor.requireUsual(shape);
      size = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw invalid(file, name, "has the impossible shape " + shape);
    }
    if (entry.end() - entry.begin() != size) {
      throw invalid(
          file,
          name,
          "of type %s and shape %s takes %d bytes, but its data_offsets are %s"
              .formatted(type, shape, size, offsets));
    }
    return entry;
  }

  private static DType type(Path file, String name, JsonNode node) throws IOException {
    for (DType type : DType.values()) {
      if (node.isString() && node.stringValue().equals(type.name())) {
        return type;
      }
    }
    throw invalid(
        file,
        name,
        "has the type %s; supported: %s".formatted(node, Arrays.asList(DType.values())));
  }

  private static List<Long> numbers(Path file, String name, String key, JsonNode node)
      throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.asLong() < 0) {
        throw invalid(file, name, "has the %s %s; allowed: whole numbers".formatted(key, node));
      }
      numbers.add(element.asLong());
    }
    if (!node.isArray()) {
      throw invalid(file, name, "has no list " + key);
    }
    return List.copyOf(numbers);
  }

  private static void requireGapless(Path file, Map<String, Entry> tensors, long dataSize)
      throws IOException {
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(tensors.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> named) -> named.getValue().begin())
            .thenComparingLong(named -> named.getValue().end()));
    long end = 0;
    for (Map.Entry<String, Entry> named : inOrder) {
      long begin = named.getValue().begin();
      if (begin != end) {
        throw invalid(
            file,
            named.getKey(),
            "begins at byte %d, but the one before it ends at byte %d".formatted(begin, end));
      }
      end = named.getValue().end();
    }
    if (end != dataSize) {
      throw new IOException(
          "%s is damaged: its tensors take %d bytes, but %d follow the header"
              .formatted(file, end, dataSize));
    }
  }

  private static IOException invalid(Path file, String name, String problem) {
    return new IOException("%s: tensor %s %s".formatted(file, name, problem));
  }
}
