package io.github.diffusion4j.config;

import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lays a sparse tree of options over a complete one. */
final class Merge {
  private Merge() {}

  /**
   * Returns {@code base} with the options of {@code overlay} in place of its own.
   *
   * <p>Where the overlay names another variant of a group, only those options of the base stay that
   * the new variant has too. A word in place of such a group names the variant.
   *
   * @param type the record or sealed interface that both spell
   */
  static JsonNode over(JsonNode base, JsonNode overlay, Type type) {
    Type present = Form.present(type);
    if (Form.isVariants(present) && overlay.isString()) {
      ObjectNode kind = JsonNodeFactory.instance.objectNode();
      return over(base, kind.set(Form.KIND, overlay), present);
    }
    if (!overlay.isObject() || !(Form.isRecord(present) || Form.isVariants(present))) {
      return overlay;
    }
    ObjectNode result =
        base instanceof ObjectNode group ? group.deepCopy() : JsonNodeFactory.instance.objectNode();
    Class<?> record = record(result, overlay, present);
    if (record == null) {
      return overlay;
    }
    Map<String, Type> components = Form.components(record);
    if (Form.isVariants(present)) {
      result.retain(components.keySet());
      ObjectNode ordered = JsonNodeFactory.instance.objectNode();
      ordered.put(Form.KIND, Form.kind(record));
      result = ordered.setAll(result);
    }
    for (Map.Entry<String, JsonNode> option : overlay.properties()) {
      Type component = components.get(option.getKey());
      JsonNode value = option.getValue();
      result.set(
          option.getKey(),
          component == null ? value : over(result.path(option.getKey()), value, component));
    }
    return result;
  }

  /** Returns the record that the result will spell, or null if the overlay names none we know. */
  static @Nullable Class<?> record(JsonNode base, JsonNode overlay, Type type) {
    if (!Form.isVariants(type)) {
      return (Class<?>) type;
    }
    JsonNode kind = overlay.has(Form.KIND) ? overlay.get(Form.KIND) : base.path(Form.KIND);
    return kind.isString() ? Form.variants(type).get(kind.stringValue()) : null;
  }
}
