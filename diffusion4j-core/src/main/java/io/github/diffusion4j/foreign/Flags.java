package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.UserException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Options as they are given to the programs of other projects: {@code --image_size 64}.
 *
 * @param values by name, without the hyphens
 */
public record Flags(Map<String, String> values) {
  /** No flags at all. */
  public static final Flags NONE = new Flags(Map.of());

  /** Copies the values. */
  public Flags {
    values = Map.copyOf(values);
  }

  /**
   * Reads a part of a command line, {@code --name value} or {@code --name=value} any number of
   * times.
   *
   * @throws UserException for anything else
   */
  public static Flags parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    String[] words = text.strip().split("\\s+", -1);
    for (int i = 0; i < words.length && !words[i].isEmpty(); i++) {
      String[] parts = words[i].split("=", 2);
      boolean alone = parts.length == 1;
      if (!parts[0].matches("--\\w[\\w.-]*")
          || (alone && (i + 1 == words.length || words[i + 1].startsWith("--")))) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "flags have %s; allowed: --name value, such as --image_size 64",
                words[i]));
      }
      values.put(parts[0].substring(2), alone ? words[++i] : parts[1]);
    }
    return new Flags(values);
  }

  /**
   * Refuses flags that are not among the known ones.
   *
   * @throws UserException with the name that was probably meant
   */
  public void requireKnown(Collection<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        String all = known.stream().sorted().reduce((a, b) -> a + ", " + b).orElse("none");
        throw new UserException(
            String.format(
                Locale.ROOT,
                "flag --%s is unknown; %s",
                name,
                Nearest.of(name, known)
                    .map(nearest -> String.format(Locale.ROOT, "did you mean --%s?", nearest))
                    .orElse("allowed: " + all)));
      }
    }
  }

  /** Returns whether the flag is given. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the value as it stands. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns a whole number. */
  public Optional<Integer> whole(String name) {
    return parsed(name, Integer::valueOf, "a whole number");
  }

  /** Returns a number. */
  public Optional<Double> number(String name) {
    return parsed(name, Double::valueOf, "a number");
  }

  /** Returns whole numbers with commas between them. */
  public Optional<List<Integer>> wholes(String name) {
    return parsed(
        name,
        text -> Arrays.stream(text.split(",")).map(String::strip).map(Integer::valueOf).toList(),
        "whole numbers with commas between them");
  }

  /** Returns a truth value, in any of the words that Python's programs take. */
  public Optional<Boolean> truth(String name) {
    return parsed(
        name,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "t", "y", "1" -> true;
              case "false", "no", "f", "n", "0" -> false;
              default -> throw new IllegalArgumentException(text);
            },
        "True, False");
  }

  /** Returns the complaint about the value of a flag. */
  public UserException wrong(String name, String allowed) {
    return new UserException(
        String.format(
            Locale.ROOT, "flag --%s is %s; allowed: %s", name, values.get(name), allowed));
  }

  private <T> Optional<T> parsed(String name, Function<String, T> parser, String allowed) {
    try {
      return text(name).map(parser);
    } catch (IllegalArgumentException e) {
      throw wrong(name, allowed);
    }
  }
}
