package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import java.util.Locale;

/** What numbers of a published scheduler may be. */
final class OptionRange {
  private OptionRange() {}

  static void require(int order, int most) {
    require("solver_order", order, most);
  }

  static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is %d; allowed: %s",
              name,
              value,
              most == Integer.MAX_VALUE ? "1 or more" : "1…" + most));
    }
  }

  static void requireLambda(double least) {
    if (!(least < Double.POSITIVE_INFINITY)) {
      throw new UserException(
          String.format(
              Locale.ROOT, "lambda_min_clipped is %s; allowed: a number, or -Infinity", least));
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: above 0", name, value));
    }
  }

  static void fraction(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: 0 < ratio ≤ 1", name, value));
    }
  }
}
