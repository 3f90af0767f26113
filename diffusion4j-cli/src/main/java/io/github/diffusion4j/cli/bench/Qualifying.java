package io.github.diffusion4j.cli.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tries all ways of one side and keeps the fastest open; the others' processes end at once. */
final class Qualifying implements AutoCloseable {
  private final String work;
  private final String name;
  private final Match match;
  private final Map<String, Double> tried = new LinkedHashMap<>();
  private final Map<String, String> failed = new LinkedHashMap<>();
  private @Nullable Contestant best;
  private String bestMode = "";

  Qualifying(String work, String name, Match match) {
    this.work = work;
    this.name = name;
    this.match = match;
  }

  /**
   * Tries the ways one after the other.
   *
   * @throws IOException if none of them works
   */
  void tryAll(List<Entrant> entrants) throws IOException {
    for (Entrant entrant : entrants) {
      try {
        tryOut(entrant);
      } catch (IOException e) {
        failed.put(entrant.mode(), String.valueOf(e.getMessage()));
        match
            .progress()
            .accept(
                String.format(
                    Locale.ROOT, "%s %s, %s: %s", work, name, entrant.mode(), e.getMessage()));
      }
    }
    if (best == null) {
      throw new IOException(String.format(Locale.ROOT, "%s fails, %s: %s", work, name, failed));
    }
  }

  private void tryOut(Entrant entrant) throws IOException {
    Contestant contestant = entrant.opening().open();
    double seconds;
    try {
      double once = contestant.run(1).median();
      seconds = contestant.run(match.repetitions(once)).median();
    } catch (IOException | RuntimeException e) {
      contestant.close();
      throw e;
    }
    match
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s %s, %s tried, %s",
                work,
                name,
                entrant.mode(),
                Display.time(seconds)));
    boolean fastest = tried.values().stream().allMatch(other -> seconds < other);
    tried.put(entrant.mode(), seconds);
    if (fastest) {
      close();
      best = contestant;
      bestMode = entrant.mode();
    } else {
      contestant.close();
    }
  }

  /** Returns the fastest, still running. */
  Contestant best() {
    return Objects.requireNonNull(best);
  }

  /** Returns how long a repetition of the fastest took, in seconds. */
  double seconds() {
    return Objects.requireNonNull(tried.get(bestMode));
  }

  Side side(List<Laps> rounds) {
    return new Side(bestMode, best().version(), rounds, tried, failed);
  }

  @Override
  public void close() {
    if (best != null) {
      best.close();
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s, %s", work, name, bestMode);
  }
}
