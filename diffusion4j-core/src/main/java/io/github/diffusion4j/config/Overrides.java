package io.github.diffusion4j.config;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Options given as {@code path.to.option=value}, on a command line or in a web form. */
public final class Overrides {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Class<? extends Record> recipe;

  private Overrides(Class<? extends Record> recipe) {
    this.recipe = recipe;
  }

  /**
   * Returns {@code base} with some options changed.
   *
   * <p>Lists are written {@code 32,64,64}; {@code none} empties an option that may be empty; a word
   * for a group with variants chooses the variant.
   *
   * @param overrides each {@code path=value}, with or without leading dashes
   * @throws UserException if a path is unknown, or the whole is impossible
   */
  public static ExperimentConfig apply(ExperimentConfig base, List<String> overrides) {
    return of(base, overrides);
  }

  /** As the other, for the recipe of another family. */
  public static BaselineConfig apply(BaselineConfig base, List<String> overrides) {
    return of(base, overrides);
  }

  private static <R extends Record> R of(R base, List<String> overrides) {
    @SuppressWarnings("unchecked") // a record's class is final
    Class<R> recipe = (Class<R>) base.getClass();
    JsonNode tree = Binder.tree(base);
    List<String[]> pairs =
        overrides.stream()
            .map(Overrides::split)
            .sorted(Comparator.comparingInt(Overrides::turn))
            .toList();
    for (String[] pair : pairs) {
      JsonNode overlay = new Overrides(recipe).overlay(tree, recipe, "", pair[0], pair[1]);
      tree = Merge.over(tree, overlay, recipe);
    }
    return Binder.bind(tree, recipe);
  }

  /** Returns the paths of all options of a diffusion model, those of all variants too. */
  public static Set<String> paths() {
    return Form.paths(ExperimentConfig.class, "");
  }

  /** Variants are chosen before their options, outer ones first. */
  private static int turn(String[] pair) {
    return pair[0].endsWith("." + Form.KIND) ? pair[0].length() : Integer.MAX_VALUE;
  }

  private static String[] split(String override) {
    int equals = override.indexOf('=');
    if (equals < 0) {
      throw new UserException(
          String.format(Locale.ROOT, "%s has no value; allowed: path.to.option=value", override));
    }
    return new String[] {
      override.substring(0, equals).replaceFirst("^--", ""), override.substring(equals + 1)
    };
  }

  /** Returns a tree with one option, {@code done.rest}; {@code type} is that of the group done. */
  private ObjectNode overlay(JsonNode group, Type type, String done, String rest, String value) {
    int dot = rest.indexOf('.');
    String name = dot < 0 ? rest : rest.substring(0, dot);
    String path = Form.join(done, name);
    ObjectNode overlay = NODES.objectNode();
    if (Form.isVariants(type) && dot < 0 && name.equals(Form.KIND)) {
      return overlay.put(name, value);
    }
    Class<?> record = Merge.record(group, overlay, type);
    Map<String, Type> components = record == null ? Map.of() : Form.components(record);
    Type component = components.get(name);
    if (component == null) {
      throw Binder.unknown(Form.join(done, rest), components.keySet(), known());
    }
    Type present = Form.present(component);
    if (dot < 0) {
      requireOption(present, path);
      overlay.set(name, node(value, component));
      return overlay;
    }
    if (!Form.isRecord(present) && !Form.isVariants(present)) {
      throw Binder.unknown(Form.join(done, rest), Set.of(), known());
    }
    overlay.set(name, overlay(group.path(name), present, path, rest.substring(dot + 1), value));
    return overlay;
  }

  private Set<String> known() {
    return Form.paths(recipe, "");
  }

  private static void requireOption(Type type, String path) {
    if (Form.isRecord(type)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is a group; allowed: %s",
              path,
              String.join(", ", Form.paths(type, path))));
    }
  }

  /** Returns the value as a node; a text that does not fit the type stays text, to be refused. */
  private static JsonNode node(String value, Type type) {
    if (Form.isOptional(type)) {
      boolean nothing = Set.of("", "none", "null").contains(value.toLowerCase(Locale.ROOT));
      return nothing ? NODES.nullNode() : node(value, Form.element(type));
    }
    if (Form.isList(type)) {
      ArrayNode list = NODES.arrayNode();
      Arrays.stream(value.replaceAll("^\\[|\\]$", "").split(","))
          .map(String::strip)
          .filter(entry -> !entry.isEmpty())
          .forEach(entry -> list.add(node(entry, Form.element(type))));
      return list;
    }
    try {
      if (Form.isWhole(type)) {
        return NODES.numberNode(Long.parseLong(value));
      }
      if (Form.isNumber(type)) {
        return NODES.numberNode(Double.parseDouble(value));
      }
    } catch (NumberFormatException e) {
      return NODES.stringNode(value);
    }
    return NODES.stringNode(value);
  }
}
