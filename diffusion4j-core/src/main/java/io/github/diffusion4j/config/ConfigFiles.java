package io.github.diffusion4j.config;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads and writes experiments as JSON or YAML; the names in a file are those of the records.
 *
 * <p>A file that starts with {@code extends: NAME} gives only the options that differ from that
 * preset. Without it a file must be complete: no default is hidden in the code. Unknown options,
 * wrong types and impossible values are refused with a {@link UserException} of one line.
 */
public final class ConfigFiles {
  /** The group that a run adds to its config.json: what made it, which is no option. */
  public static final String PROVENANCE = "provenance";

  private static final String EXTENDS = "extends";

  /** The group that the recipes of diffusion models lack. */
  private static final String FAMILY = "family";

  private static final Pattern EXPONENT_ONLY = Pattern.compile("[-+]?\\d+[eE][-+]?\\d+");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                  .withObjectIndenter(new DefaultIndenter("  ", "\n")))
          .build();

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private ConfigFiles() {}

  /**
   * Reads the recipe of a diffusion model from a file whose name ends in {@code .json}, {@code
   * .yaml} or {@code .yml}.
   *
   * @throws UserException also if it is the recipe of another family
   */
  public static ExperimentConfig read(Path file) throws IOException {
    return ofDiffusion(readRun(file), file.toString());
  }

  /** Reads the recipe of any family. */
  public static RunConfig readRun(Path file) throws IOException {
    boolean yaml = isYaml(file);
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          String.format(Locale.ROOT, "the configuration file %s does not exist", file));
    }
    String text = RecipeText.read(file);
    JsonNode tree = yaml ? yaml(text, file.toString()) : tree(text, JSON, file.toString());
    return bind(tree, file.toString());
  }

  /** Writes a complete file, in the form that its name ends in. */
  public static void write(Path file, RunConfig config) throws IOException {
    AtomicFile.write(file, isYaml(file) ? toYaml(config) : toJson(config));
  }

  /** Returns the experiment that a JSON text spells; {@code origin} names it in error messages. */
  public static ExperimentConfig fromJson(String json, String origin) {
    return ofDiffusion(runFromJson(json, origin), origin);
  }

  /** Returns the recipe of any family that a JSON text spells. */
  public static RunConfig runFromJson(String json, String origin) {
    return bind(tree(json, JSON, origin), origin);
  }

  /** Returns the experiment that a YAML text spells; {@code origin} names it in error messages. */
  public static ExperimentConfig fromYaml(String yaml, String origin) {
    return ofDiffusion(runFromYaml(yaml, origin), origin);
  }

  /** Returns the recipe of any family that a YAML text spells. */
  public static RunConfig runFromYaml(String yaml, String origin) {
    return bind(yaml(yaml, origin), origin);
  }

  private static JsonNode yaml(String yaml, String origin) {
    return withNumbers(tree(yaml, YAML, origin));
  }

  private static ExperimentConfig ofDiffusion(RunConfig config, String origin) {
    if (config instanceof ExperimentConfig diffusion) {
      return diffusion;
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "%s is the recipe of another family; allowed here: of a diffusion model",
            origin));
  }

  /** Returns the canonical JSON form: complete, always in the same order, one option per line. */
  public static String toJson(RunConfig config) {
    return JSON.writeValueAsString(Binder.tree(config)) + "\n";
  }

  /** Returns the YAML form, complete. */
  public static String toYaml(RunConfig config) {
    return YAML.writeValueAsString(Binder.tree(config));
  }

  /** Returns the paths of the options in which {@code resolved} differs from {@code base}. */
  public static List<String> differences(RunConfig base, RunConfig resolved) {
    Map<String, String> before = options(base);
    Map<String, String> after = options(resolved);
    List<String> paths = new ArrayList<>(after.keySet());
    before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(paths::add);
    return paths.stream()
        .filter(path -> !after.getOrDefault(path, "").equals(before.getOrDefault(path, "")))
        .sorted()
        .toList();
  }

  /** Returns every option by its path, with its value as in JSON. */
  public static Map<String, String> options(RunConfig config) {
    Map<String, String> options = new TreeMap<>();
    flatten("", Binder.tree(config), options);
    return options;
  }

  /** Returns every option of a process by its path, as in an experiment. */
  public static Map<String, String> options(ProcessConfig process) {
    Map<String, String> options = new TreeMap<>();
    flatten("process", Binder.tree(process), options);
    return options;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> options) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> child : node.properties()) {
        flatten(Form.join(path, child.getKey()), child.getValue(), options);
      }
    } else {
      options.put(path, node.toString());
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return true;
    }
    if (name.endsWith(".json")) {
      return false;
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "%s is no configuration file; allowed: names that end in .json, .yaml or .yml",
            file));
  }

  private static JsonNode tree(String text, ObjectMapper mapper, String origin) {
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      throw RecipeText.wrong(text, origin, e);
    }
  }

  private static RunConfig bind(JsonNode tree, String origin) {
    try {
      return bind(tree);
    } catch (UserException e) {
      throw new UserException(origin + ": " + e.getMessage());
    }
  }

  private static RunConfig bind(JsonNode tree) {
    if (!(tree instanceof ObjectNode options)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the file is %s; allowed: %s",
              tree.isMissingNode() ? "empty" : "not a group of options",
              Form.allowed(ExperimentConfig.class)));
    }
    options.remove(PROVENANCE);
    JsonNode base = options.objectNode();
    JsonNode parent = options.remove(EXTENDS);
    if (parent != null) {
      if (!parent.isString()) {
        throw new UserException(
            String.format(Locale.ROOT, "extends is %s; allowed: the name of a preset", parent));
      }
      base = Binder.tree(Presets.any(parent.stringValue()));
    }
    return base.has(FAMILY) || options.has(FAMILY)
        ? over(base, options, BaselineConfig.class)
        : over(base, options, ExperimentConfig.class);
  }

  private static <R extends Record> R over(JsonNode base, JsonNode options, Class<R> recipe) {
    return Binder.bind(Merge.over(base, options, recipe), recipe);
  }

  /** Returns the tree with texts such as 1e-4, a number to everybody but YAML, made numbers. */
  private static JsonNode withNumbers(JsonNode node) {
    if (node.isString() && EXPONENT_ONLY.matcher(node.stringValue()).matches()) {
      return JSON.getNodeFactory().numberNode(Double.parseDouble(node.stringValue()));
    }
    if (node instanceof ObjectNode group) {
      for (String name : List.copyOf(group.propertyNames())) {
        group.set(name, withNumbers(group.get(name)));
      }
    }
    return node;
  }
}
