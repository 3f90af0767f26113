package io.github.diffusion4j.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words that stand for enum constants in files, on command lines and in messages. */
public final class Word {
  private Word() {}

  /**
   * Returns the word for a constant, such as {@code beta-tilde} for BETA_TILDE and {@code dpm++2m}
   * for DPM_PLUS_PLUS_2M.
   */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace("_plus_plus_", "++").replace('_', '-');
  }

  /** Returns the words for all constants, in their order. */
  public static List<String> all(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Word::of).toList();
  }

  /** Returns the constant that a word stands for; hyphens and underscores are the same. */
  public static <E extends Enum<?>> Optional<E> find(Class<E> type, String word) {
    String plain = word.toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> of(constant).equals(plain))
        .findFirst();
  }

  /**
   * Returns the constant that a word stands for.
   *
   * @param option where the word was given, for the message
   * @throws UserException if there is none; it names all that are allowed
   */
  public static <E extends Enum<?>> E parse(Class<E> type, String option, String word) {
    return find(type, word)
        .orElseThrow(
            () -> {
              String meant =
                  Nearest.of(word, all(type))
                      .map(text -> String.format(Locale.ROOT, " did you mean %s?", text))
                      .orElse("");
              return new UserException(
                  String.format(
                      Locale.ROOT,
                      "%s is %s;%s allowed: %s",
                      option,
                      word,
                      meant,
                      String.join(", ", all(type))));
            });
  }
}
