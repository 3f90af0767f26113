package io.github.diffusion4j.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that a person probably meant. */
public final class Nearest {
  private static final int SHORTEST_START = 3;

  private Nearest() {}

  /** Returns the known word most like {@code word}, or empty if none is much like it. */
  public static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(best -> distance(word, best) <= Math.max(2, word.length() / 3));
  }

  /**
   * Like {@link #of} for dotted paths: if no whole path is much like {@code path}, the one with the
   * most similar last name.
   */
  static Optional<String> path(String path, Collection<String> known) {
    String parent = path.substring(0, path.lastIndexOf('.') + 1);
    Optional<String> sibling =
        of(path, known.stream().filter(candidate -> candidate.startsWith(parent)).toList())
            .filter(
                best -> distance(last(path), last(best)) <= Math.max(2, last(path).length() / 3));
    if (sibling.isPresent()) {
      return sibling;
    }
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(last(path), last(candidate))))
        .filter(best -> distance(last(path), last(best)) <= Math.max(1, last(path).length() / 3));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * Returns Levenshtein's distance, capital letters and small ones being the same; the start of a
   * word is one step away from it.
   */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    if (a.length() >= SHORTEST_START && a.length() < b.length() && b.startsWith(a)) {
      return 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
