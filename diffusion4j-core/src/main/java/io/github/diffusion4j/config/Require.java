package io.github.diffusion4j.config;

import java.util.Locale;
import java.util.Optional;

/** Checks of values, all with the same form of message. */
final class Require {
  private Require() {}

  static void that(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: %s", name, value, allowed));
    }
  }

  static void positive(String name, double value) {
    that(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a number above 0");
  }

  static void positive(String name, int value) {
    that(value > 0, name, value, "a whole number above 0");
  }

  static void positive(String name, Optional<? extends Number> value) {
    for (Number number : value.stream().toList()) {
      double size = number.doubleValue();
      that(
          size > 0 && size < Double.POSITIVE_INFINITY,
          name,
          number,
          "a number above 0, or nothing");
    }
  }

  static void notNegative(String name, double value) {
    that(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "0 or a number above");
  }

  static void notNegative(String name, int value) {
    that(value >= 0, name, value, "0 or a whole number above");
  }

  static void probability(String name, double value) {
    that(value >= 0 && value < 1, name, value, "0 ≤ value < 1");
  }

  static void text(String name, String value) {
    that(!value.isBlank(), name, "empty", "some text");
  }
}
