package io.github.diffusion4j.checkpoint;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Renders JSON as Python's {@code json.dumps(indent=2, sort_keys=True)} does, so that a file
 * written here equals the one that diffusers would write.
 */
final class PythonJson {
  private static final String INDENT = "  ";
  private static final int FIRST_EXPONENT = 16;
  private static final int LAST_EXPONENT = -4;

  private PythonJson() {}

  /** Returns the object as text that ends in a line break; an empty Optional becomes null. */
  static String render(Map<String, Object> object) {
    StringBuilder text = new StringBuilder();
    append(text, object, "");
    return text.append('\n').toString();
  }

  static byte[] bytes(Map<String, Object> object) {
    return render(object).getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder text, Object value, String indent) {
    if (value instanceof Map<?, ?> map) {
      Map<String, String> entries = new TreeMap<>();
      map.forEach((name, entry) -> entries.put(name.toString(), rendered(entry, indent + INDENT)));
      List<String> lines =
          entries.entrySet().stream().map(e -> quoted(e.getKey()) + ": " + e.getValue()).toList();
      appendLines(text, "{", lines, "}", indent);
    } else if (value instanceof List<?> list) {
      List<String> lines = list.stream().map(entry -> rendered(entry, indent + INDENT)).toList();
      appendLines(text, "[", lines, "]", indent);
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresentOrElse(present -> append(text, present, indent), () -> text.append("null"));
    } else if (value instanceof Double number) {
      text.append(number(number));
    } else if (value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      text.append(quoted(value.toString()));
    }
  }

  private static String rendered(Object value, String indent) {
    StringBuilder text = new StringBuilder();
    append(text, value, indent);
    return text.toString();
  }

  private static void appendLines(
      StringBuilder text, String open, List<String> lines, String close, String indent) {
    text.append(open);
    if (!lines.isEmpty()) {
      String start = "\n" + indent + INDENT;
      text.append(start).append(String.join("," + start, lines)).append('\n').append(indent);
    }
    text.append(close);
  }

  private static String quoted(String value) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + '"';
  }

  /** Returns Python's {@code repr}: an exponent below 1e-4 and from 1e16 on, else none. */
  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    BigDecimal digits = BigDecimal.valueOf(value).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (value == 0 || (exponent >= LAST_EXPONENT && exponent < FIRST_EXPONENT)) {
      return (digits.scale() > 0 ? digits : digits.setScale(1)).toPlainString();
    }
    BigDecimal mantissa = digits.movePointLeft(exponent);
    return String.format(
        Locale.ROOT,
        "%se%s%02d",
        mantissa.toPlainString(),
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }
}
