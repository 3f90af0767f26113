package io.github.diffusion4j.config;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network alone in the words of a recipe, for files that other programs do not read. */
public final class ModelOptions {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What of a recipe is written. */
  record Part(ModelConfig model) {}

  private ModelOptions() {}

  /** Returns the group {@code model} of a recipe; numbers, texts, lists and maps. */
  public static Map<String, Object> of(ModelConfig model) {
    JsonNode tree = Binder.tree(new Part(model));
    Map<String, Object> options = new TreeMap<>();
    for (Map.Entry<String, JsonNode> option : tree.properties()) {
      options.put(option.getKey(), JSON.convertValue(option.getValue(), Object.class));
    }
    return options;
  }

  /**
   * Returns the network that {@link #of} wrote.
   *
   * @param json an object with the group {@code model} and nothing else
   * @throws UserException if an option is unknown, missing or impossible
   */
  public static ModelConfig read(String json) {
    return Binder.bind(JSON.readTree(json), Part.class).model();
  }
}
