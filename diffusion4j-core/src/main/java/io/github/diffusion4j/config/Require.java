package io.github.diffusion4j.config;

/** Checks of values, all with the same form of message. */
final class Require {
  private Require() {}

  static void that(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      throw new UserException("%s is %s; allowed: %s".formatted(name, value, allowed));
    }
  }

  static void positive(String name, double value) {
    that(value > 0, name, value, "a number above 0");
  }

  static void probability(String name, double value) {
    that(value >= 0 && value < 1, name, value, "0 ≤ value < 1");
  }
}
