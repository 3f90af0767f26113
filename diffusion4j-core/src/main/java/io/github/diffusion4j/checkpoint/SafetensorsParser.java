package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.checkpoint.Safetensors.Entry;
import io.github.diffusion4j.checkpoint.Safetensors.Header;
import io.github.diffusion4j.torch.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON header of a safetensors file tensor by tensor, and believes only a consistent one.
 */
final class SafetensorsParser {
  /** What one tensor takes of the heap beside its name, in all maps that name it. */
  private static final int ENTRY_BYTES = 200;

  private static final int EXTENT_BYTES = 4;
  private static final int LARGE_EXTENT_BYTES = 28; // Java has small numbers at hand
  private static final int PLACE_BYTES = 64;

  private final Path file;
  private final Allowance allowance;
  private final Map<String, Entry> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsParser(Path file, Allowance allowance) {
    this.file = file;
    this.allowance = allowance;
  }

  /**
   * Returns the header.
   *
   * @param json just the header's bytes
   * @param dataOffset where the elements begin
   */
  static Header parse(Path file, InputStream json, long dataOffset, Allowance allowance)
      throws IOException {
    SafetensorsParser parser = new SafetensorsParser(file, allowance);
    JsonText.strict(file + " has a header that is", json, parser::header);
    parser.requireGapless(allowance.fileSize() - dataOffset);
    return new Header(
        Collections.unmodifiableMap(parser.tensors),
        Collections.unmodifiableMap(parser.metadata),
        dataOffset);
  }

  private Boolean header(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException(file + " has a header that is not a JSON object");
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = JsonText.text(json.currentName(), allowance);
      json.nextToken();
      if (name.equals(SafetensorsHeader.METADATA)) {
        readMetadata(json);
      } else {
        long before = allowance.left();
        JsonNode node = JsonText.tree(json, allowance);
        allowance.giveBack(before - allowance.left());
        allowance.take(ENTRY_BYTES);
        tensors.put(name, entry(name, node));
      }
    }
    return true;
  }

  private void readMetadata(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException(file + ": the metadata are not a JSON object");
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      allowance.take(PLACE_BYTES);
      String key = JsonText.text(json.currentName(), allowance);
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw new IOException(
            String.format(Locale.ROOT, "%s: metadata %s is not a text", file, OneLine.of(key)));
      }
      metadata.put(key, JsonText.text(json.getString(), allowance));
    }
  }

  private Entry entry(String name, JsonNode node) throws IOException {
    if (!node.isObject() || node.size() != 3) {
      throw invalid(name, "is not described by dtype, shape and data_offsets");
    }
    DType type = type(name, node.path("dtype"));
    List<Long> shape = numbers(name, "shape", node.path("shape"));
    List<Long> offsets = numbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw invalid(
          name,
          String.format(
              Locale.ROOT, "has the data_offsets %s; allowed: [begin, end]", OneLine.of(offsets)));
    }
    Entry entry = new Entry(type, shape, offsets.get(0), offsets.get(1));
    long size;
    try {
      StoredTensor.requireUsual(shape);
      size = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw invalid(name, "has the impossible shape " + OneLine.of(shape));
    }
    if (entry.end() - entry.begin() != size) {
      throw invalid(
          name,
          String.format(
              Locale.ROOT,
              "of type %s and shape %s takes %d bytes, but its data_offsets are %s",
              type,
              shape,
              size,
              offsets));
    }
    for (long extent : shape) {
      allowance.take(extent > Byte.MAX_VALUE ? LARGE_EXTENT_BYTES : EXTENT_BYTES);
    }
    return entry;
  }

  private DType type(String name, JsonNode node) throws IOException {
    for (DType type : DType.values()) {
      if (node.isString() && node.stringValue().equals(type.name())) {
        return type;
      }
    }
    throw invalid(
        name,
        String.format(
            Locale.ROOT,
            "has the type %s; supported: %s",
            OneLine.of(node),
            Arrays.asList(DType.values())));
  }

  private List<Long> numbers(String name, String key, JsonNode node) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.asLong() < 0) {
        throw invalid(
            name,
            String.format(
                Locale.ROOT, "has the %s %s; allowed: whole numbers", key, OneLine.of(node)));
      }
      numbers.add(element.asLong());
    }
    if (!node.isArray()) {
      throw invalid(name, "has no list " + key);
    }
    return List.copyOf(numbers);
  }

  private void requireGapless(long dataSize) throws IOException {
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(tensors.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> named) -> named.getValue().begin())
            .thenComparingLong(named -> named.getValue().end()));
    long end = 0;
    for (Map.Entry<String, Entry> named : inOrder) {
      long begin = named.getValue().begin();
      if (begin != end) {
        throw invalid(
            named.getKey(),
            String.format(
                Locale.ROOT,
                "begins at byte %d, but the one before it ends at byte %d",
                begin,
                end));
      }
      end = named.getValue().end();
    }
    if (end != dataSize) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s is damaged: its tensors take %d bytes, but %d follow the header",
              file,
              end,
              dataSize));
    }
  }

  private IOException invalid(String name, String problem) {
    return new IOException(
        String.format(Locale.ROOT, "%s: tensor %s %s", file, OneLine.of(name), problem));
  }
}
