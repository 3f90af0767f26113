package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A JSON file of options as diffusers writes it; options that are missing have defaults. */
final class OptionFile {
  /** Of what is wrong with a value; a list may be long. */
  private static final int LONGEST_MESSAGE = 1000;

  private final Path file;
  private final JsonNode options;

  private OptionFile(Path file, JsonNode options) {
    this.file = file;
    this.options = options;
  }

  static OptionFile read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file, Allowance.of(file));
    }
  }

  /**
   * Reads the text of a file.
   *
   * @param name what messages call it
   */
  static OptionFile parse(String json, Path name) throws IOException {
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    return read(new ByteArrayInputStream(utf8), name, Allowance.of(name, utf8.length));
  }

  private static OptionFile read(InputStream in, Path file, Allowance allowance)
      throws IOException {
    JsonNode options = JsonText.python(file + " is", in, json -> JsonText.tree(json, allowance));
    if (!options.isObject()) {
      throw new IOException(file + " does not hold a JSON object");
    }
    return new OptionFile(file, options);
  }

  /** Returns no options at all: every default holds. */
  static OptionFile empty(Path file) {
    return new OptionFile(file, JsonNodeFactory.instance.objectNode());
  }

  /** Returns whether the option is given and not null. */
  boolean has(String name) {
    return options.hasNonNull(name);
  }

  /** Returns one option, its name and its value, as JSON; nothing else of the file. */
  String only(String name) {
    ObjectNode one = JsonNodeFactory.instance.objectNode();
    if (options.has(name)) {
      one.set(name, options.get(name));
    }
    return one.toString();
  }

  /** Returns whether the option is given as null. */
  boolean isNull(String name) {
    return options.path(name).isNull();
  }

  boolean isList(String name) {
    return options.path(name).isArray();
  }

  int whole(String name, int fallback) {
    return wholeOr(name, Optional.of(fallback)).orElseThrow(() -> wrong(name, "a whole number"));
  }

  int required(String name) {
    return wholeOr(name, Optional.empty()).orElseThrow(() -> wrong(name, "a whole number"));
  }

  /** Returns a whole number; null in the file, or no default, are empty. */
  Optional<Integer> wholeOr(String name, Optional<Integer> fallback) {
    JsonNode value = options.path(name);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (value.isNull()) {
      return Optional.empty();
    }
    if (!isWhole(value)) {
      throw wrong(name, "a whole number");
    }
    return Optional.of((int) real(value));
  }

  double number(String name, double fallback) {
    return numberOr(name).orElse(fallback);
  }

  /** Returns a number, or nothing if it is missing or null. */
  Optional<Double> numberOr(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = options.path(name);
    if (!value.isNumber()) {
      throw wrong(name, "a number");
    }
    return Optional.of(real(value));
  }

  boolean flag(String name, boolean fallback) {
    if (!has(name)) {
      return fallback;
    }
    if (!options.path(name).isBoolean()) {
      throw wrong(name, "true or false");
    }
    return options.path(name).booleanValue();
  }

  String text(String name, String fallback) {
    if (!has(name)) {
      return fallback;
    }
    if (!options.path(name).isString()) {
      throw wrong(name, "a text");
    }
    return options.path(name).stringValue();
  }

  List<Integer> wholes(String name, Integer... fallback) {
    List<Integer> list = new ArrayList<>();
    for (JsonNode value : list(name)) {
      if (!isWhole(value)) {
        throw wrong(name, "a list of whole numbers");
      }
      list.add((int) real(value));
    }
    return has(name) ? list : Arrays.asList(fallback);
  }

  List<Double> numbers(String name) {
    List<Double> list = new ArrayList<>();
    for (JsonNode value : list(name)) {
      if (!value.isNumber()) {
        throw wrong(name, "a list of numbers");
      }
      list.add(real(value));
    }
    return list;
  }

  List<String> texts(String name, String... fallback) {
    List<String> list = new ArrayList<>();
    for (JsonNode value : list(name)) {
      if (!value.isString()) {
        throw wrong(name, "a list of texts");
      }
      list.add(value.stringValue());
    }
    return has(name) ? list : Arrays.asList(fallback);
  }

  /** Python has one kind of whole numbers, and 1.0 for 1 does no harm. */
  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && (int) real(value) == real(value);
  }

  private static double real(JsonNode value) {
    return value.numberValue().doubleValue();
  }

  private JsonNode list(String name) {
    if (has(name) && !options.path(name).isArray()) {
      throw wrong(name, "a list");
    }
    return options.path(name);
  }

  /**
   * Refuses any value of the option but the supported ones, among which an empty Optional stands
   * for null; a missing option is fine.
   */
  void supportOnly(String name, Object... supported) {
    JsonNode value = options.path(name);
    if (value.isMissingNode() || Arrays.stream(supported).anyMatch(one -> same(value, one))) {
      return;
    }
    String words =
        Arrays.stream(supported)
            .map(one -> one instanceof Optional<?> ? "null" : one.toString())
            .collect(Collectors.joining(", "));
    throw new UserException(
        String.format(
            Locale.ROOT,
            "%s: %s %s is not supported yet; supported: %s",
            file,
            name,
            OneLine.of(value),
            words));
  }

  private static boolean same(JsonNode value, Object supported) {
    if (supported instanceof Optional<?>) {
      return value.isNull();
    }
    if (supported instanceof Number number) {
      return value.isNumber() && real(value) == number.doubleValue();
    }
    return value.asString("").equals(supported.toString());
  }

  /** Refuses the value of the option, for a reason in a few words. */
  UserException unsupported(String name, String reason) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "%s: %s %s is not supported: %s",
            file,
            name,
            OneLine.of(options.path(name)),
            reason));
  }

  /** Refuses options that are not named here; those that begin with an underscore are notes. */
  void supportOnlyNames(Set<String> names) {
    for (String name : options.propertyNames()) {
      if (!name.startsWith("_") && !names.contains(name)) {
        throw new UserException(
            String.format(
                Locale.ROOT, "%s: the option %s is not supported yet", file, OneLine.of(name)));
      }
    }
  }

  UserException wrong(String name, String allowed) {
    JsonNode value = options.path(name);
    return new UserException(
        String.format(
            Locale.ROOT,
            "%s: %s is %s; allowed: %s",
            file,
            name,
            value.isMissingNode() ? "missing" : OneLine.of(value),
            allowed));
  }

  /** Returns what {@code config} supplies; if it is refused, the message begins with the file. */
  <T> T explained(Supplier<T> config) {
    try {
      return config.get();
    } catch (UserException e) {
      String begin = file + ": ";
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(begin)
          ? e
          : new UserException(begin + OneLine.of(message, LONGEST_MESSAGE));
    }
  }
}
