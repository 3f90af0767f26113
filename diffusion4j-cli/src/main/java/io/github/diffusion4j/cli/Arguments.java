package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks of option values, with one form of message. */
final class Arguments {
  private Arguments() {}

  static void atLeast(String option, double value, double least) {
    if (!(value >= least)) {
      throw wrong(option, plain(value), "at least " + plain(least));
    }
  }

  static void above(String option, double value, double bound) {
    if (!(value > bound)) {
      throw wrong(option, plain(value), "above " + plain(bound));
    }
  }

  static void finite(String option, double value) {
    if (!Double.isFinite(value)) {
      throw wrong(option, value, "finite numbers");
    }
  }

  /** Returns the number of steps that was given, or the usual one, out of {@code all} there are. */
  static int steps(@Nullable Integer given, int usual, int all) {
    if (given == null) {
      return Math.min(all, usual);
    }
    if (given < 1 || given > all) {
      throw wrong(
          "--steps", given, String.format(Locale.ROOT, "1…%d, the steps of the model", all));
    }
    return given;
  }

  /** Returns the name of an option if it has a value, for {@link #none}. */
  static Optional<String> given(String option, @Nullable Object value) {
    return value == null ? Optional.empty() : Optional.of(option);
  }

  /** Refuses options that would be passed over; {@code why} goes on after their names. */
  static void none(String why, Stream<Optional<String>> given) {
    String names = given.flatMap(Optional::stream).collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      throw new UserException(String.format(Locale.ROOT, "%s %s; allowed: without it", names, why));
    }
  }

  static UserException wrong(String option, Object value, String allowed) {
    return new UserException(
        String.format(Locale.ROOT, "%s is %s; allowed: %s", option, value, allowed));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
