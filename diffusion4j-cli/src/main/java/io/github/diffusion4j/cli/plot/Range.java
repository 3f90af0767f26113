package io.github.diffusion4j.cli.plot;

import java.util.Arrays;
import java.util.Locale;

/**
 * A stretch of numbers.
 *
 * @param from its lower end
 * @param to its upper end, above {@code from}
 */
public record Range(double from, double to) {
  /** Refuses stretches of no length. */
  public Range {
    if (!(to > from)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "range is %s…%s; allowed: an end above the beginning", from, to));
    }
  }

  /** Returns how far {@code value} is on the way from one end to the other, 0 to 1 inside. */
  public double share(double value) {
    return (value - from) / (to - from);
  }

  /** Returns {@code count} numbers at equal distances, both ends among them. */
  public double[] grid(int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> from + (to - from) * i / (count - 1));
    return values;
  }

  /**
   * Returns the round numbers inside, about {@code count} of them: multiples of 1, 2 or 5 · 10ⁿ.
   */
  double[] ticks(int count) {
    double raw = (to - from) / count;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
    long first = (long) Math.ceil(from / step - 1e-9);
    long last = (long) Math.floor(to / step + 1e-9);
    double[] ticks = new double[(int) Math.max(0, last - first + 1)];
    Arrays.setAll(ticks, i -> (first + i) * step);
    return ticks;
  }
}
