package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which tensor lies in which of several files, as {@code ….safetensors.index.json} says.
 *
 * @param file the index itself
 * @param shardOf the file name beside the index, by tensor
 */
record ShardIndex(Path file, Map<String, String> shardOf) {
  private static final long LARGEST = 100_000_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads an index.
   *
   * @throws IOException if it is damaged, or names a file that is not beside it
   */
  static ShardIndex read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException("%s has more than %d bytes".formatted(file, LARGEST));
    }
    JsonNode map;
    try {
      map = JSON.readTree(Files.readString(file)).path("weight_map");
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not valid UTF-8", e);
    } catch (JacksonException e) {
      throw new IOException("%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    if (!map.isObject() || map.isEmpty()) {
      throw new IOException(file + " has no weight_map with the file of each tensor");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> named : map.properties()) {
      shardOf.put(named.getKey(), shard(file, named.getKey(), named.getValue()));
    }
    return new ShardIndex(file, shardOf);
  }

  private static String shard(Path file, String tensor, JsonNode value) throws IOException {
    String name = value.isString() ? value.stringValue() : "";
    if (!name.matches("[\\w][\\w.-]*")) {
      throw new IOException(
          "%s: tensor %s is in %s; allowed: the name of a file in the same folder"
              .formatted(file, tensor, value));
    }
    if (!Files.isRegularFile(file.resolveSibling(name))) {
      throw new IOException(
          "%s: tensor %s is in %s, which does not exist".formatted(file, tensor, name));
    }
    return name;
  }

  /** Returns the files, in the order in which the index first names them. */
  Set<Path> shards() {
    return shardOf.values().stream()
        .map(file::resolveSibling)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Refuses a shard that does not hold just the tensors that the index says. */
  void requireJust(Path shard, Set<String> tensors) throws IOException {
    String name = shard.getFileName().toString();
    for (String tensor : tensors) {
      if (!name.equals(shardOf.get(tensor))) {
        throw new IOException(
            "%s holds tensor %s, which is not what %s says".formatted(shard, tensor, file));
      }
    }
    for (Map.Entry<String, String> named : shardOf.entrySet()) {
      if (named.getValue().equals(name) && !tensors.contains(named.getKey())) {
        throw new IOException(
            "%s lacks tensor %s, which it has by %s".formatted(shard, named.getKey(), file));
      }
    }
  }
}
