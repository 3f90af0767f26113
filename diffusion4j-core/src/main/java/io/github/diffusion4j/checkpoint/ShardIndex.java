package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Which tensor lies in which of several files, as {@code ….safetensors.index.json} says.
 *
 * @param file the index itself
 * @param shardOf the file name beside the index, by tensor
 */
record ShardIndex(Path file, Map<String, String> shardOf) {
  private static final int ENTRY_BYTES = 128;
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,250}");

  /**
   * Reads an index.
   *
   * @throws IOException if it is damaged, or names a file that is not beside it
   */
  static ShardIndex read(Path file) throws IOException {
    ShardIndex index = new ShardIndex(file, new LinkedHashMap<>());
    Allowance allowance = Allowance.of(file);
    try (InputStream in = Files.newInputStream(file)) {
      JsonText.strict(file + " is", in, json -> index.fill(json, allowance));
    }
    if (index.shardOf.isEmpty()) {
      throw new IOException(file + " has no weight_map with the file of each tensor");
    }
    return index;
  }

  private Boolean fill(JsonParser json, Allowance allowance) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return false;
    }
    Map<String, String> shards = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      boolean wanted = json.currentName().equals("weight_map");
      if (json.nextToken() != JsonToken.START_OBJECT || !wanted) {
        json.skipChildren();
      } else {
        while (json.nextToken() != JsonToken.END_OBJECT) {
          allowance.take(ENTRY_BYTES);
          String tensor = JsonText.text(json.currentName(), allowance);
          json.nextToken();
          shardOf.put(tensor, shard(tensor, JsonText.tree(json, allowance), shards));
        }
      }
    }
    return true;
  }

  /** Each name is looked for once, and kept once. */
  private String shard(String tensor, JsonNode value, Map<String, String> known)
      throws IOException {
    String name = value.isString() ? value.stringValue() : "";
    String before = known.putIfAbsent(name, name);
    if (before != null) {
      return before;
    }
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s is in %s; allowed: the name of a file in the same folder",
              file,
              OneLine.of(tensor),
              OneLine.of(value)));
    }
    if (!Files.isRegularFile(file.resolveSibling(name))) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s is in %s, which does not exist",
              file,
              OneLine.of(tensor),
              OneLine.of(name)));
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
            String.format(
                Locale.ROOT,
                "%s holds tensor %s, which is not what %s says",
                shard,
                OneLine.of(tensor),
                file));
      }
    }
    for (Map.Entry<String, String> named : shardOf.entrySet()) {
      if (named.getValue().equals(name) && !tensors.contains(named.getKey())) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s lacks tensor %s, which it has by %s",
                shard,
                OneLine.of(named.getKey()),
                file));
      }
    }
  }
}
