package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON in UTF-8 that need not be well meant: it is walked through token by token, and only what is
 * wanted of it is kept, as far as an {@link Allowance} goes.
 */
final class JsonText {
  private static final int LONGEST_TEXT = 2_000_000;
  private static final int OBJECT_BYTES = 176;
  private static final int LIST_BYTES = 104;
  private static final int NUMBER_BYTES = 48;
  private static final int TEXT_BYTES = 72;
  private static final int PLACE_BYTES = 64;

  /** Refuses names that occur twice, and keeps no table of those that it has seen. */
  private static final JsonMapper STRICT =
      mapper(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));

  /** What Python's json module reads. */
  private static final JsonMapper PYTHON =
      mapper(JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS));

  private JsonText() {}

  private static JsonMapper mapper(tools.jackson.core.json.JsonFactoryBuilder factory) {
    return JsonMapper.builder(
            factory
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
                .build())
        .build();
  }

  /** What is done with a text, whose first token is the current one. */
  interface Reading<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Reads one JSON value, behind which nothing may follow; no name may occur twice in an object.
   *
   * @param where begins the message of an error, such as the file's name and "is"
   */
  static <T> T strict(String where, InputStream utf8, Reading<T> reading) throws IOException {
    return read(STRICT, where, utf8, reading);
  }

  /** Reads a JSON value as Python's json module does, NaN and Infinity included. */
  static <T> T python(String where, InputStream utf8, Reading<T> reading) throws IOException {
    return read(PYTHON, where, utf8, reading);
  }

  private static <T> T read(JsonMapper mapper, String where, InputStream utf8, Reading<T> reading)
      throws IOException {
    InputStreamReader letters = new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder());
    try (JsonParser json = mapper.createParser(letters)) {
      if (json.nextToken() == null) {
        throw new IOException(where + " not valid JSON: it is empty");
      }
      T result = reading.read(json);
      if (json.nextToken() != null) {
        throw new IOException(where + " not valid JSON: something follows the end");
      }
      return result;
    } catch (JacksonException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw new IOException(where + " not valid UTF-8", e);
      }
      throw new IOException(
          String.format(
              Locale.ROOT, "%s not valid JSON: %s", where, OneLine.of(e.getOriginalMessage())),
          e);
    }
  }

  /** Returns the value that begins with the current token, which is then its last. */
  static JsonNode tree(JsonParser json, Allowance allowance) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json, allowance);
      case START_ARRAY -> list(json, allowance);
      case VALUE_STRING -> nodes.stringNode(text(json.getString(), allowance));
      case VALUE_NUMBER_INT -> {
        allowance.take(NUMBER_BYTES + json.getStringLength());
        yield switch (json.getNumberType()) {
          case INT -> nodes.numberNode(json.getIntValue());
          case LONG -> nodes.numberNode(json.getLongValue());
          default -> nodes.numberNode(json.getBigIntegerValue());
        };
      }
      case VALUE_NUMBER_FLOAT -> {
        allowance.take(NUMBER_BYTES);
        yield nodes.numberNode(json.getDoubleValue());
      }
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      default -> nodes.nullNode();
    };
  }

  private static ObjectNode object(JsonParser json, Allowance allowance) throws IOException {
    allowance.take(OBJECT_BYTES);
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      allowance.take(PLACE_BYTES);
      String name = text(json.currentName(), allowance);
      json.nextToken();
      object.set(name, tree(json, allowance));
    }
    return object;
  }

  private static ArrayNode list(JsonParser json, Allowance allowance) throws IOException {
    allowance.take(LIST_BYTES);
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      allowance.take(PLACE_BYTES / 4);
      list.add(tree(json, allowance));
    }
    return list;
  }

  /** Returns a text that is going to be kept. */
  static String text(String text, Allowance allowance) throws IOException {
    allowance.take(TEXT_BYTES + 2L * text.length());
    return text;
  }
}
