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

  /** The same for a model of another family. */
  record FamilyPart(FamilyConfig family) {}

  private ModelOptions() {}

  /** Returns the group {@code model} of a recipe; numbers, texts, lists and maps. */
  public static Map<String, Object> of(ModelConfig model) {
    return options(new Part(model));
  }

  /** Returns the group {@code family} of a recipe; numbers, texts, lists and maps. */
  public static Map<String, Object> of(FamilyConfig family) {
    return options(new FamilyPart(family));
  }

  private static Map<String, Object> options(Record part) {
    JsonNode tree = Binder.tree(part);
    Map<String, Object> options = new TreeMap<>();
    for (Map.Entry<String, JsonNode> option : tree.properties()) {
      options.put(option.getKey(), JSON.convertValue(option.getValue(), Object.class));
    }
    return options;
  }

  /**
   * Returns the network that {@link #of(ModelConfig)} wrote.
   *
   * @param json an object with the group {@code model} and nothing else
   * @throws UserException if an option is unknown, missing or impossible
   */
  public static ModelConfig read(String json) {
    return Binder.bind(JSON.readTree(json), Part.class).model();
  }

  /**
   * Returns the family that {@link #of(FamilyConfig)} wrote.
   *
   * @param json an object with the group {@code family} and nothing else
   * @throws UserException if an option is unknown, missing or impossible
   */
  public static FamilyConfig readFamily(String json) {
    return Binder.bind(JSON.readTree(json), FamilyPart.class).family();
  }
}
