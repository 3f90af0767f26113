package io.github.diffusion4j.cli;

import io.github.diffusion4j.data.Progress;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Says how far reading or fetching data has come, at most once in two seconds. */
final class DataProgress implements Progress {
  private static final long INTERVAL_NANOS = 2_000_000_000L;

  private final Consumer<String> say;
  private long last = System.nanoTime();

  private DataProgress(Consumer<String> say) {
    this.say = say;
  }

  static Progress to(Consumer<String> say) {
    return new DataProgress(say);
  }

  /** Shows on {@code progress} how far work on images has come. */
  static io.github.diffusion4j.data.Progress of(io.github.diffusion4j.cli.Progress progress) {
    return (what, done, total) ->
        progress.show(
            total.isPresent() ? (double) done / total.getAsLong() : 0,
            String.format(Locale.ROOT, "%s, %,d images", what, done));
  }

  @Override
  public void at(String what, long done, OptionalLong total) {
    long now = System.nanoTime();
    if (now - last < INTERVAL_NANOS) {
      return;
    }
    last = now;
    say.accept(
        total.isPresent()
            ? String.format(Locale.ROOT, "%s: %,d of %,d", what, done, total.getAsLong())
            : String.format(Locale.ROOT, "%s: %,d", what, done));
  }
}
