package io.github.diffusion4j.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns trees of JSON into records and back. Unlike a general binder it knows the path of every
 * value, so that a wrong one is reported by its name, with what would be right.
 */
final class Binder {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Set<String> known;

  private Binder(Set<String> known) {
    this.known = known;
  }

  /** Returns the record of class {@code type} that {@code tree} spells. */
  static <T extends Record> T bind(JsonNode tree, Class<T> type) {
    return type.cast(new Binder(Form.paths(type, "")).value(tree, type, ""));
  }

  /** Returns the tree that {@link #bind} turns into {@code value}; empty options are left out. */
  static JsonNode tree(Object value) {
    if (value instanceof Record record) {
      return group(record);
    }
    if (value instanceof Enum<?> constant) {
      return NODES.stringNode(Word.of(constant));
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(element -> array.add(tree(element)));
      return array;
    }
    if (value instanceof Double number) {
      BigDecimal shortest = BigDecimal.valueOf(number).stripTrailingZeros();
      return NODES.numberNode(shortest.scale() > 0 ? shortest : shortest.setScale(1));
    }
    if (value instanceof Number number) {
      return NODES.numberNode(number.longValue());
    }
    return NODES.stringNode(value.toString());
  }

  private static ObjectNode group(Record record) {
    ObjectNode group = NODES.objectNode();
    for (Class<?> parent : record.getClass().getInterfaces()) {
      if (parent.isSealed()) {
        group.put(Form.KIND, Form.kind(record.getClass()));
      }
    }
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = component(record, component);
      if (value instanceof Optional<?> optional) {
        optional.ifPresent(present -> group.set(component.getName(), tree(present)));
      } else {
        group.set(component.getName(), tree(value));
      }
    }
    return group;
  }

  private static Object component(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private Object value(JsonNode node, Type type, String path) {
    if (Form.isOptional(type)) {
      return node.isMissingNode() || node.isNull()
          ? Optional.empty()
          : Optional.of(value(node, Form.element(type), path));
    }
    if (node.isMissingNode()) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is missing; allowed: %s", path, Form.allowed(type)));
    }
    if (Form.isRecord(type) || Form.isVariants(type)) {
      return group(node, type, path);
    }
    if (Form.isList(type) && node.isArray()) {
      List<Object> list = new ArrayList<>();
      for (JsonNode element : node) {
        list.add(value(element, Form.element(type), path));
      }
      return list;
    }
    return scalar(node, type)
        .orElseThrow(
            () ->
                new UserException(
                    String.format(
                        Locale.ROOT, "%s is %s; allowed: %s", path, node, Form.allowed(type))));
  }

  private static Optional<Object> scalar(JsonNode node, Type type) {
    if (type == String.class && node.isString()) {
      return Optional.of(node.stringValue());
    }
    if (Form.isWhole(type) && node.isIntegralNumber()) {
      if ((type == int.class || type == Integer.class) && node.canConvertToInt()) {
        return Optional.of(node.intValue());
      }
      if ((type == long.class || type == Long.class) && node.canConvertToLong()) {
        return Optional.of(node.longValue());
      }
    }
    if (!Form.isWhole(type) && Form.isNumber(type) && node.isNumber()) {
      return Optional.<Object>of(node.asDouble())
          .filter(number -> Double.isFinite((Double) number));
    }
    if (type instanceof Class<?> plain && plain.isEnum() && node.isString()) {
      return constant(plain, node.stringValue());
    }
    return Optional.empty();
  }

  @SuppressWarnings("unchecked") // asked only with classes of enums
  private static Optional<Object> constant(Class<?> type, String word) {
    return Word.find((Class<? extends Enum<?>>) type, word).map(Object.class::cast);
  }

  private Object group(JsonNode node, Type type, String path) {
    if (!node.isObject()) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: %s", path, node, Form.allowed(type)));
    }
    if (!Form.isVariants(type)) {
      return record(node, (Class<?>) type, path, Set.of());
    }
    Map<String, Class<?>> variants = Form.variants(type);
    String kindPath = Form.join(path, Form.KIND);
    JsonNode kind = node.path(Form.KIND);
    if (!kind.isString() || !variants.containsKey(kind.stringValue())) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is %s; allowed: %s",
              kindPath,
              kind.isMissingNode() ? "missing" : kind,
              Form.allowed(type)));
    }
    return record(node, variants.get(kind.stringValue()), path, Set.of(Form.KIND));
  }

  private Object record(JsonNode node, Class<?> type, String path, Set<String> others) {
    Map<String, Type> components = Form.components(type);
    for (String name : node.propertyNames()) {
      if (!components.containsKey(name) && !others.contains(name)) {
        throw unknown(Form.join(path, name), components.keySet());
      }
    }
    List<Object> values = new ArrayList<>();
    components.forEach(
        (name, component) -> {
          JsonNode child = node.has(name) ? node.get(name) : MissingNode.getInstance();
          values.add(value(child, component, Form.join(path, name)));
        });
    return construct(type, values);
  }

  private UserException unknown(String path, Set<String> siblings) {
    return unknown(path, siblings, known);
  }

  /** Returns the complaint about an option that does not exist, with what was probably meant. */
  static UserException unknown(String path, Set<String> siblings, Set<String> known) {
    String parent = path.substring(0, path.lastIndexOf('.') + 1);
    Set<String> candidates = new TreeSet<>(known);
    siblings.forEach(name -> candidates.add(parent + name));
    if (candidates.remove(path)) {
      return elsewhere(parent, path, siblings);
    }
    return new UserException(
        Nearest.path(path, candidates)
            .map(
                nearest ->
                    String.format(Locale.ROOT, "%s is unknown; did you mean %s?", path, nearest))
            .orElseGet(
                () ->
                    String.format(
                        Locale.ROOT,
                        "%s is unknown; allowed: %s",
                        path,
                        String.join(", ", siblings))));
  }

  /** Returns the complaint about an option that exists, but not in the variant that was chosen. */
  private static UserException elsewhere(String parent, String path, Set<String> siblings) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "%s belongs to another kind than this recipe's;%s allowed: %s",
            path,
            Nearest.of(path.substring(parent.length()), siblings)
                .map(name -> String.format(Locale.ROOT, " did you mean %s%s?", parent, name))
                .orElse(""),
            String.join(", ", siblings)));
  }

  private static Object construct(Class<?> type, List<Object> values) {
    try {
      Class<?>[] parameters =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> canonical = type.getDeclaredConstructor(parameters);
      return canonical.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof UserException wrong) {
        throw wrong;
      }
      throw new IllegalStateException("cannot build " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + type, e);
    }
  }
}
