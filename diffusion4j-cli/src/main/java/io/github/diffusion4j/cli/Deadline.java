package io.github.diffusion4j.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The time that a command has, from the start of its program. */
final class Deadline {
  private final double seconds;
  private final LongSupplier nanoTime;
  private final long start;

  private Deadline(double elapsed, double seconds, LongSupplier nanoTime) {
    this.seconds = seconds;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong() - Math.round(1e9 * elapsed);
  }

  /** Returns the end of {@code seconds} that began at {@code started}. */
  static Deadline after(Instant started, double seconds) {
    double elapsed = Duration.between(started, Instant.now()).toNanos() * 1e-9;
    return new Deadline(Math.max(0, elapsed), seconds, System::nanoTime);
  }

  /** As the other, beginning now by a clock of nanoseconds. */
  static Deadline after(double seconds, LongSupplier nanoTime) {
    return new Deadline(0, seconds, nanoTime);
  }

  /** Returns the seconds since the start. */
  double elapsed() {
    return (nanoTime.getAsLong() - start) * 1e-9;
  }

  /** Returns the seconds until the end; negative after it. */
  double left() {
    return seconds - elapsed();
  }

  /** Returns the seconds from start to end. */
  double seconds() {
    return seconds;
  }
}
