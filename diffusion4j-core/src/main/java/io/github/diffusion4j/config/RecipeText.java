package io.github.diffusion4j.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.JacksonYAMLParseException;

/** Reads the text of a recipe, and says where it breaks the rules of JSON or YAML. */
final class RecipeText {
  private static final Pattern TAB = Pattern.compile("(?m)^ *(\t)[ \t]*[^\\s#]");

  /** Lines in which YAML's parser repeats the place and the text that it complains of. */
  private static final Pattern PLACE_OR_EXCERPT = Pattern.compile(" in .*line \\d+.*| .*");

  private RecipeText() {}

  /**
   * Returns the text of {@code file}, without a byte order mark.
   *
   * @throws UserException if it is not text in UTF-8; the message names the first byte that is not
   */
  static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = textLength(bytes);
    if (end < bytes.length) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is not a text file: byte %,d is 0x%02x; allowed: JSON or YAML in UTF-8",
              file,
              end + 1,
              bytes[end]));
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Returns how many bytes are text: UTF-8, and no control characters but those of layout. */
  private static int textLength(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
    for (int i = 0; i < in.position(); i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\n\r".indexOf(bytes[i]) < 0) {
        return i;
      }
    }
    return in.position();
  }

  /** Returns the complaint about a text that could not be parsed, in one line with the place. */
  static UserException wrong(String text, String origin, JacksonException problem) {
    TokenStreamLocation place = problem.getLocation();
    if (isYaml(problem)) {
      Matcher tab = TAB.matcher(text);
      if (tab.find()) {
        return new UserException(
            String.format(
                Locale.ROOT,
                "%s:%s: a tab; YAML allows only spaces for indentation",
                origin,
                place(text, tab.start(1))));
      }
    }
    String where =
        place == null
            ? ""
            : String.format(Locale.ROOT, ":%d:%d", place.getLineNr(), place.getColumnNr());
    List<String> lines = problem.getOriginalMessage().lines().toList();
    String message =
        isYaml(problem)
            ? lines.stream()
                .filter(line -> !PLACE_OR_EXCERPT.matcher(line).matches())
                .collect(Collectors.joining(", "))
            : lines.stream().findFirst().orElse("cannot be read");
    return new UserException(String.format(Locale.ROOT, "%s%s: %s", origin, where, message));
  }

  private static boolean isYaml(JacksonException problem) {
    return problem instanceof JacksonYAMLParseException;
  }

  /** Returns line and column, both counted from 1. */
  private static String place(String text, int index) {
    String before = text.substring(0, index);
    long line = 1 + before.chars().filter(c -> c == '\n').count();
    return line + ":" + (index - before.lastIndexOf('\n'));
  }
}
